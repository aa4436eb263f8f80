import * as z from 'zod';
import { isRecord } from '../../domain/is-record.ts';
import { configurationSchema } from './schema.ts';

/** What an editor shows of each setting; `*` stands for any name or place in a list. */
const descriptions: Readonly<Record<string, string>> = {
  providers:
    'Servers under names of your own, and what differs from the providers that are built in.',
  'providers.*.kind': 'The interface that the server speaks.',
  'providers.*.baseUrl': 'Its address, as in http://127.0.0.1:11434/v1.',
  'providers.*.apiKeyEnv': 'The environment variable that holds its key; never the key itself.',
  'providers.*.jsonMode': 'Whether it understands response_format: json_object.',
  models: 'Models beside those of the catalogue, or what differs from it.',
  'models.*.id': "The provider's own id of the model.",
  'models.*.provider': 'The name of its provider.',
  'models.*.taskTypes': 'The types of task that it is used for; absent: all.',
  'models.*.contextTokens': 'Tokens of input and output together.',
  'models.*.price': 'Dollars per million tokens; absent: from the price list.',
  'models.*.price.input': 'Dollars per million tokens of input.',
  'models.*.price.output': 'Dollars per million tokens of output.',
  'models.*.price.cachedInput': "Dollars per million tokens of input from the provider's cache.",
  catalogue: 'false: only the models of this file.',
  roles: 'Which models plan, criticise and judge; absent: by capability.',
  'roles.planner': 'Models that may plan, the most wanted first.',
  'roles.critic': 'Models that may criticise, the most wanted first.',
  'roles.judge': 'Models that may judge, the most wanted first.',
  supervision: 'What critiques and judgements may cost, and how often you are asked.',
  'supervision.maxShare': "The largest share of a run's money for critiques and judgements.",
  'supervision.ask':
    'The share of results about which you are asked in a terminal whether they are good; 0: never. Default 0.05.',
  budget: 'Money over several runs.',
  'budget.month': 'Dollars a month; shown, not enforced.',
  routing: 'How a model is chosen for a task.',
  'routing.strategy': 'adaptive: tries what is little known now and then. greedy: never.',
  'routing.qualityTolerance':
    'Quality that you would trade for money, 0 to 1; 0: the best, whatever it costs.',
  'routing.exploration':
    "The largest share of a task type's tasks on which something little known is tried.",
  'routing.portfolio':
    'true: where the history shows that it pays, a cheaper model first, and a second one where its answer is judged not good enough.',
  history: 'Where the history is kept: absent, the local file; else postgres://….',
  'history.url': 'A file, or postgres://….',
  'history.hashIds': 'Whether ids of projects and tasks leave this machine as digests only.',
  policy: 'What may be used at all.',
  'policy.allow': 'When not empty, only these models.',
  'policy.block': 'Never these models.',
  'policy.maxLatencyMs': 'The longest mean latency in milliseconds.',
  'policy.maxTaskCostUsd': 'The most dollars for one task.',
};

/** The JSON Schema of `orchestrator.yaml`, for editors: made of the one schema that reads it. */
export function configurationJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configurationSchema, { io: 'input', target: 'draft-7' });
  return { title: 'orchestrator.yaml', ...withDescriptions({ ...schema }, '') };
}

/** The description of a setting such as `routing.strategy`; undefined of one that has none. */
export function descriptionOf(setting: string): string | undefined {
  return descriptions[setting];
}

function withDescriptions(schema: Record<string, unknown>, path: string): Record<string, unknown> {
  const below = (key: string, value: unknown): [string, unknown] => [
    key,
    isRecord(value) ? withDescriptions(value, path === '' ? key : `${path}.${key}`) : value,
  ];
  const copy: Record<string, unknown> = {};
  const description = descriptions[path];
  if (description !== undefined) copy['description'] = description;
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined) continue;
    if (key === 'properties' && isRecord(value)) {
      copy[key] = Object.fromEntries(Object.entries(value).map((entry) => below(...entry)));
    } else if ((key === 'items' || key === 'additionalProperties') && isRecord(value)) {
      copy[key] = withDescriptions(value, `${path}.*`);
    } else if (key === 'anyOf' && Array.isArray(value)) {
      copy[key] = value.map((one: unknown) =>
        isRecord(one) ? withoutDescription(withDescriptions(one, path)) : one,
      );
    } else copy[key] = value;
  }
  return copy;
}

/** Said once, of all alternatives. */
function withoutDescription(schema: Record<string, unknown>): Record<string, unknown> {
  const { description: _, ...rest } = schema;
  return rest;
}
