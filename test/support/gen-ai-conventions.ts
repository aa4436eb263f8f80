/**
 * What OpenTelemetry's conventions for generative AI say of what we report, as far as we use them: of each
 * signal, which of its names must be there, which may, and what their values are.
 */

type Kind = 'text' | 'whole' | 'number' | 'texts' | readonly string[];
type Rule = { must: Record<string, Kind>; may: Record<string, Kind> };

export type Reported = {
  name: string;
  attributes: Record<string, unknown>;
  isError?: boolean;
  schemaUrl?: string | undefined;
};

const server = { 'server.address': 'text', 'server.port': 'whole' } as const;
const error = { 'error.type': 'text' } as const;
/** Of providers that have one, this name and no other. */
const provider = 'text';

/** Operations by their well-known names; a span's name is that, and what follows in `named`. */
export const operations: Record<string, Rule & { named?: string; kind: number }> = {
  chat: {
    kind: 3,
    named: 'gen_ai.request.model',
    must: {
      'gen_ai.operation.name': ['chat'],
      'gen_ai.provider.name': provider,
      'gen_ai.request.model': 'text',
    },
    may: {
      ...server,
      ...error,
      'gen_ai.request.max_tokens': 'whole',
      'gen_ai.request.temperature': 'number',
      'gen_ai.output.type': ['text', 'json', 'image', 'speech'],
      'gen_ai.response.id': 'text',
      'gen_ai.response.model': 'text',
      'gen_ai.response.finish_reasons': 'texts',
      'gen_ai.usage.input_tokens': 'whole',
      'gen_ai.usage.output_tokens': 'whole',
      'gen_ai.usage.cache_read.input_tokens': 'whole',
      'gen_ai.usage.cache_creation.input_tokens': 'whole',
      'gen_ai.usage.reasoning.output_tokens': 'whole',
    },
  },
  plan: { kind: 1, must: { 'gen_ai.operation.name': ['plan'] }, may: error },
  invoke_workflow: {
    kind: 1,
    named: 'gen_ai.workflow.name',
    must: { 'gen_ai.operation.name': ['invoke_workflow'] },
    may: { ...error, 'gen_ai.workflow.name': 'text' },
  },
};

export const events: Record<string, Rule> = {
  'gen_ai.evaluation.result': {
    must: { 'gen_ai.evaluation.name': 'text' },
    may: {
      ...error,
      'gen_ai.evaluation.score.value': 'number',
      'gen_ai.evaluation.score.label': 'text',
      'gen_ai.evaluation.explanation': 'text',
      'gen_ai.response.id': 'text',
    },
  },
};

const measured = {
  'gen_ai.operation.name': ['chat'],
  'gen_ai.provider.name': provider,
} as const satisfies Rule['must'];
const besides = {
  ...server,
  ...error,
  'gen_ai.request.model': 'text',
  'gen_ai.response.model': 'text',
} as const;

export const metrics: Record<string, Rule & { unit: string }> = {
  'gen_ai.client.operation.duration': { unit: 's', must: measured, may: besides },
  'gen_ai.client.token.usage': {
    unit: '{token}',
    must: { ...measured, 'gen_ai.token.type': ['input', 'output'] },
    may: besides,
  },
};

export const schemaUrl = /^https:\/\/opentelemetry\.io\/schemas\/gen-ai\/\d+\.\d+\.\d+$/;

/** What of the conventions is broken; names of our own are no matter of theirs. */
export function violationsOf(reported: Reported, { must, may }: Rule): string[] {
  const { name, attributes } = reported;
  const missing = Object.keys(must).filter((key) => attributes[key] === undefined);
  if (attributes['server.address'] !== undefined && attributes['server.port'] === undefined) {
    missing.push('server.port');
  }
  if (reported.isError === true && attributes['error.type'] === undefined) {
    missing.push('error.type');
  }
  const wrong = Object.entries(attributes).flatMap(([key, value]) => {
    if (key.startsWith('orchestrator.')) return [];
    const kind = must[key] ?? may[key];
    if (kind === undefined) return [`${name}: ${key} is not a name of it`];
    return fits(value, kind) ? [] : [`${name}: ${key} is ${JSON.stringify(value)}`];
  });
  const schema =
    reported.schemaUrl === undefined || !schemaUrl.test(reported.schemaUrl)
      ? [`${name}: schema ${reported.schemaUrl}`]
      : [];
  return [...missing.map((key) => `${name}: ${key} is missing`), ...wrong, ...schema];
}

function fits(value: unknown, kind: Kind): boolean {
  if (kind === 'texts') {
    return Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== '');
  }
  if (kind === 'whole') return Number.isInteger(value) && Number(value) >= 0;
  if (kind === 'number') return Number.isFinite(value);
  if (kind === 'text') return typeof value === 'string' && value !== '';
  return typeof value === 'string' && kind.includes(value);
}
