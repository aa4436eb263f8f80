import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadConfiguration } from '../../../source/commands/configuration/index.ts';
import { OrchestratorError } from '../../../source/domain/errors.ts';
import { isThisMachine } from '../../../source/domain/this-machine.ts';
import { listModels, type ModelListing } from '../../../source/providers/index.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

/** More of them with FUZZ_RUNS. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 400);

const keys = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      ...'providers models catalogue routing policy kind baseUrl apiKeyEnv jsonMode id provider price input output taskTypes contextTokens strategy qualityTolerance allow block openai local zhipu'.split(
        ' ',
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...'providres Models base_url apikeyenv __proto__ constructor toString <<  ~ null'.split(' '),
    ),
  },
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const scalars = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    Infinity,
    Number.NaN,
    '',
    '~',
    'openai',
    'anthropic',
    'openai-compatible',
    'http://127.0.0.1:1/v1',
    'https://evil.example/v1',
    'OPENAI_API_KEY',
    'GITHUB_TOKEN',
    'adaptive',
    'gpt-x',
    'local',
    [],
    {},
    new Date(0),
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.double(),
);
const trees = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalars,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(keys, tie('tree'), { maxKeys: 4 }),
  ),
})).tree;
const provider = fc.record(
  {
    kind: fc.constantFrom('openai', 'anthropic', 'openai-compatible', 'google'),
    baseUrl: fc.constantFrom('http://127.0.0.1:1/v1', 'https://evil.example', 'http://localhost:1'),
    apiKeyEnv: fc.constantFrom('OPENAI_API_KEY', 'GITHUB_TOKEN', 'ANTHROPIC_API_KEY'),
  },
  { requiredKeys: [] },
);
const nearlyRight = fc.record(
  {
    providers: fc.dictionary(keys, fc.oneof({ weight: 6, arbitrary: provider }, trees)),
    models: fc.array(
      fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({
            id: keys,
            provider: keys,
            price: fc.constant({ input: 0, output: 0 }),
          }),
        },
        trees,
      ),
      { maxLength: 3 },
    ),
    policy: trees,
    routing: trees,
  },
  { requiredKeys: [] },
);
/** Whole, so that some of them are read. */
const right = fc.record(
  {
    providers: fc.dictionary(
      fc.constantFrom('openai', 'anthropic', 'google', 'constructor'),
      provider,
    ),
    policy: fc.constantFrom(null, { allow: ['x'] }, { maxTaskCostUsd: 1 }),
    catalogue: fc.boolean(),
  },
  { requiredKeys: [] },
);
/** As text, with something wrong in it now and then. */
const texts = fc
  .tuple(
    fc.oneof(nearlyRight, right, trees),
    fc.option(
      fc.tuple(
        fc.nat(400),
        fc.constantFrom(
          '\t',
          '&a ',
          '*a',
          '<<: *a',
          '!!set ',
          '? ',
          '- ',
          ': ',
          '{',
          ']',
          '\u0000',
          '%YAML 1.1\n---\n',
          '"',
          "'",
          '|\n',
          '\r',
          '\uFEFF',
          '#',
        ),
      ),
    ),
  )
  .map(([tree, damage]) => {
    const text = stringify(tree, { keepUndefined: false });
    if (damage === null) return text;
    const at = damage[0] % (text.length + 1);
    return text.slice(0, at) + damage[1] + text.slice(at);
  });

const environment = {
  OPENAI_API_KEY: 'key-openai',
  ANTHROPIC_API_KEY: 'key-anthropic',
  GOOGLE_API_KEY: 'key-google',
  GITHUB_TOKEN: 'key-github',
  XDG_CONFIG_HOME: '/nowhere',
};

/** What is wrong with how a file was refused. */
function refusal(error: unknown): string[] {
  if (!(error instanceof OrchestratorError)) return [`not foreseen: ${String(error)}`];
  return error.code === 'configuration' ? [] : [error.code];
}

/** The models whose calls would take a key to where it does not belong. */
function movedKeys(listings: readonly ModelListing[]): string[] {
  return listings.flatMap(({ id, provider: { baseUrl = 'http://x', apiKey, keyVariable } }) => {
    if (apiKey === undefined) return [];
    const isElsewhere = baseUrl.includes('evil') || isThisMachine(new URL(baseUrl).hostname);
    return isElsewhere || keyVariable === 'GITHUB_TOKEN' ? [id] : [];
  });
}

it(
  'answers whatever lies in the folder with one sentence or what it may say, and moves no key',
  { timeout: 600_000 },
  async () => {
    const directory = temporaryDirectory();
    const counts = { read: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        writeFileSync(join(directory, 'orchestrator.yaml'), text);
        const result = await loadConfiguration({ workingDirectory: directory, environment }).then(
          async ({ providers: settings }) => listModels({ settings, environment, clock: () => 0 }),
          (error: unknown) => error,
        );
        counts[Array.isArray(result) ? 'read' : 'refused'] += 1;
        expect(Array.isArray(result) ? movedKeys(result) : refusal(result)).toEqual([]);
      }),
      { numRuns },
    );
    expect(counts.read).toBeGreaterThan(numRuns / 100);
    expect(counts.refused).toBeGreaterThan(numRuns / 100);
  },
);
