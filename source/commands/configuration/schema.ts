import * as z from 'zod';
import { didYouMean } from '../../domain/closest-name.ts';
import { hasHiddenCharacters } from '../../domain/hidden-characters.ts';
import { limits } from '../../domain/limits.ts';
import { defaultRoutingSettings, openPolicy } from '../../domain/policy.ts';
import {
  addressVariable,
  isServerAddress,
  problemOfPlace,
  readServerAddress,
} from '../../telemetry/address/server-address.ts';
import { defaultSupervision, openRoles } from '../../domain/supervision.ts';
import { taskTypePattern } from '../../domain/task-type.ts';
import { ownValue } from '../../domain/own-value.ts';
import { isKnownProvider, presets, readAddress, type ProviderKind } from '../../providers/index.ts';
import { withoutEmpty } from './configuration.ts';
import { readYaml } from './yaml-document.ts';

const kinds = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  deepseek: 'deepseek',
  moonshot: 'moonshot',
  'openai-compatible': 'openai-compatible',
} as const satisfies { [Kind in ProviderKind]: Kind };

const dollars = z.number('expected a number of dollars').nonnegative('expected 0 or more dollars');
const share = (what = 'expected a share from 0 to 1') => z.number(what).min(0, what).max(1, what);
/** What the history can keep and people can distinguish: a model under another name would be paid for and not recorded. */
const name = z
  .string('expected a name')
  .min(1, 'expected a name')
  .max(limits.name, `expected a name of at most ${limits.name} characters`)
  .refine(
    (text) => text.isWellFormed() && !hasHiddenCharacters(text),
    'expected a name of characters that can be seen',
  );
const models = z.array(name, 'expected a list of model ids');

function problemOf(text: unknown): string {
  const read = readAddress(String(text), 'openai-compatible');
  return 'problem' in read ? read.problem : 'is another';
}

function problemOfHistory(text: string): string | undefined {
  const problem = problemOfPlace(text);
  if (problem !== undefined) return `expected the address of a history, but it ${problem}`;
  if (!isServerAddress(text)) return undefined;
  const read = readServerAddress(text);
  return 'problem' in read || read.password === undefined
    ? undefined
    : `expected an address without a password: put that into PGPASSWORD, .pgpass or ${addressVariable}`;
}

const placeText = 'expected a file or an address such as postgres://user@host/database';
const place = z.string(placeText).min(1, placeText);

const provider = z.strictObject({
  kind: z.enum(kinds, `expected one of ${Object.keys(kinds).join(', ')}`).exactOptional(),
  baseUrl: z
    .string('expected an http or https address')
    .refine((text) => 'address' in readAddress(text, 'openai-compatible'), {
      error: ({ input }) => `expected an http or https address, but it ${problemOf(input)}`,
    })
    .exactOptional(),
  apiKeyEnv: z
    .string('expected the name of an environment variable')
    .regex(
      /^[A-Za-z_][A-Za-z0-9_]*$/,
      'expected the name of an environment variable, never the key itself',
    )
    .exactOptional(),
  jsonMode: z.boolean('expected true or false').exactOptional(),
});

const model = z.strictObject({
  id: name,
  provider: name,
  taskTypes: z
    .array(z.string('expected a task type').regex(taskTypePattern, 'expected a task type'))
    .min(1, 'expected at least one task type')
    .exactOptional(),
  contextTokens: z.int('expected a number of tokens').positive('expected tokens').exactOptional(),
  price: z
    .strictObject(
      { input: dollars, output: dollars, cachedInput: dollars.exactOptional() },
      'expected {input: …, output: …} in dollars per million tokens',
    )
    .exactOptional(),
});

/** What orchestrator.yaml may say; every part may be absent. */
export const configurationSchema = z
  .strictObject({
    providers: z.record(name, provider.nullable(), 'expected providers by name').nullish(),
    models: z.array(model, 'expected a list of models').nullish(),
    catalogue: z.boolean('expected true or false').exactOptional(),
    routing: z
      .strictObject({
        strategy: z
          .enum(['adaptive', 'greedy'], 'expected adaptive or greedy')
          .default(defaultRoutingSettings.strategy),
        qualityTolerance: share('expected a number from 0 to 1').default(
          defaultRoutingSettings.qualityTolerance,
        ),
        exploration: share().default(defaultRoutingSettings.exploration),
        portfolio: z.boolean('expected true or false').optional(),
      })
      .nullish(),
    history: z
      .union([place, z.strictObject({ url: place, hashIds: z.boolean().default(false) })], {
        error: `${placeText}, or url: with one and hashIds: true or false`,
      })
      .superRefine((given, context) => {
        const message = problemOfHistory(typeof given === 'string' ? given : given.url);
        if (message !== undefined) context.addIssue({ code: 'custom', message });
      })
      .exactOptional(),
    roles: z
      .strictObject({
        planner: models.default([...openRoles.planner]),
        critic: models.default([...openRoles.critic]),
        judge: models.default([...openRoles.judge]),
      })
      .nullish(),
    supervision: z
      .strictObject({
        maxShare: share().default(defaultSupervision.maxShare),
        ask: share().exactOptional(),
      })
      .nullish(),
    budget: z
      .strictObject({
        month: z
          .number('expected dollars')
          .positive('expected more than 0 dollars')
          .exactOptional(),
      })
      .nullish(),
    policy: z
      .strictObject({
        allow: models.default([...openPolicy.allow]),
        block: models.default([...openPolicy.block]),
        maxLatencyMs: z
          .number('expected milliseconds')
          .positive('expected more than 0 milliseconds')
          .exactOptional(),
        maxTaskCostUsd: z
          .number('expected dollars')
          .positive('expected more than 0 dollars')
          .exactOptional(),
      })
      .nullish(),
  })
  .superRefine(({ providers, models }, context) => {
    for (const [at, settings] of Object.entries(providers ?? {})) {
      const preset = ownValue(presets, at);
      const kind = settings?.kind ?? preset?.kind;
      const report = (message: string): void =>
        context.addIssue({ code: 'custom', path: ['providers', at], message });
      if (kind === undefined) {
        report(`Provider ${at} has no kind: add one of ${Object.keys(kinds).join(', ')} as kind.`);
      } else if (
        kind === 'openai-compatible' &&
        settings?.baseUrl === undefined &&
        preset?.baseUrl === undefined
      ) {
        report(`Provider ${at} has no address: add its baseUrl, as in http://127.0.0.1:11434/v1.`);
      }
    }
    const configured = withoutEmpty(providers ?? {});
    const seen = new Set<string>();
    for (const [index, { id, provider }] of (models ?? []).entries()) {
      const report = (key: string, message: string): void =>
        context.addIssue({ code: 'custom', path: ['models', index, key], message });
      if (seen.has(id)) report('id', `Model ${id} is there twice: keep one of the entries.`);
      seen.add(id);
      if (!isKnownProvider(provider, configured)) {
        report(
          'provider',
          `There is no provider ${provider}${didYouMean(provider, [...Object.keys(providers ?? {}), ...Object.keys(presets)])}: add it under providers, or use one of ${Object.keys(presets).join(', ')}.`,
        );
      }
    }
  });

/** A file that keeps to the schema, as it was written. */
export type ConfigurationContent = z.infer<typeof configurationSchema>;

/** Throws an {@link OrchestratorError} with code `configuration`, naming line and column. */
export function parseConfiguration(text: string, file: string): ConfigurationContent {
  return readYaml({ text, file, schema: configurationSchema, code: 'configuration' });
}
