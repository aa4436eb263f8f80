import fc from 'fast-check';
import type { ProviderKind } from '../../source/providers/index.ts';

/** What a server answers, and how it goes about it. */
export type Exchange = {
  kind: ProviderKind;
  status: number;
  body: string;
  retryAfter: string;
  location: string;
  how: 'whole' | 'pieces' | 'cut' | 'reset';
};

export const secret = 'sk-Zq7TtUvW9xYb3KpLmN0aSdFg';
export const prompt = 'Tell me the launch code of the secret missile project, please';

export const kinds: readonly ProviderKind[] = [
  'openai',
  'anthropic',
  'google',
  'deepseek',
  'moonshot',
  'openai-compatible',
];

const bytes = Buffer.from(secret);
const word = fc.constantFrom(
  'insufficient_quota',
  'rate_limit_exceeded',
  'invalid_api_key',
  'RESOURCE_EXHAUSTED',
  'model_not_found',
  'content_filter',
  'unsupported_parameter',
  'constructor',
  '__proto__',
  '',
  null,
  403,
);
const piece = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    secret,
    encodeURIComponent(`${secret}=`),
    bytes.toString('base64'),
    Buffer.from(`user:${secret}`).toString('base64'),
    bytes.toString('hex'),
    `${secret.slice(0, 12)}***${secret.slice(-4)}`,
    `Bearer ${secret}`,
    prompt,
    prompt.slice(4, 40),
    'API key not valid',
    'credit balance is too low',
    'try again in 1m30s',
    'try again in 999999999999999s',
    'model does not exist',
    'is still loading the model',
    '\u001B[31m',
    '\u009B31m',
    'max_tokens',
    'temperature is not supported',
    'x'.repeat(5000),
    '\uD800',
    '<html>',
  ),
);
const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(' '));
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }), word);
const optional = { requiredKeys: [] };

const error = fc.record(
  {
    message: value,
    code: value,
    type: word,
    status: word,
    param: fc.oneof(word, text),
    details: fc.oneof(value, fc.array(fc.record({ retryDelay: value, reason: word }, optional))),
    metadata: value,
  },
  optional,
);
const asText = (json: unknown): string => JSON.stringify(json);
const refusals = fc.oneof(
  fc.record({ error: fc.oneof(error, text, value) }).map(asText),
  fc.array(fc.record({ error })).map(asText),
  fc
    .record({ detail: value, message: value, title: value, base_resp: value }, optional)
    .map(asText),
  text,
  text.map((said) => `<html>${said}`),
  fc.constantFrom('', 'null', '[]', '{', '7', '\uFEFF{}', '['.repeat(100_000)),
);

const message = fc.record(
  {
    role: fc.constantFrom('assistant', 'model', null, ''),
    content: fc.oneof(text, value, fc.array(fc.record({ type: word, text: value }, optional))),
    refusal: value,
    tool_calls: value,
    reasoning: value,
  },
  optional,
);
const choice = fc.record(
  { message: fc.oneof(message, value), finish_reason: value, error: fc.option(error) },
  optional,
);
const usage = fc.record(
  { prompt_tokens: value, completion_tokens: value, total_tokens: fc.oneof(fc.double(), value) },
  optional,
);
const answers = fc
  .record(
    {
      id: value,
      model: value,
      choices: fc.oneof(fc.array(choice, { maxLength: 3 }), value),
      usage: fc.oneof(usage, value),
      error: fc.option(value),
    },
    optional,
  )
  .map(asText);
const streams = fc
  .array(fc.oneof(answers, refusals), { maxLength: 6 })
  .map((events) => `${events.map((event) => `data: ${event}\n\n`).join('')}data: [DONE]\n\n`);

const failing = [
  301, 304, 307, 308, 400, 401, 402, 403, 404, 405, 407, 408, 409, 413, 422, 425, 429, 451, 500,
  502, 503, 504, 529,
];

/** Two refusals to an answer: they have more to be misread. */
export const exchanges: fc.Arbitrary<Exchange> = fc
  .oneof(
    { weight: 2, arbitrary: fc.record({ status: fc.constantFrom(...failing), body: refusals }) },
    {
      weight: 1,
      arbitrary: fc.record({
        status: fc.constant(200),
        body: fc.oneof(answers, streams, refusals),
      }),
    },
  )
  .chain((answer) =>
    fc.record({
      status: fc.constant(answer.status),
      body: fc.constant(answer.body),
      kind: fc.constantFrom(...kinds),
      retryAfter: fc.oneof(
        fc.constantFrom(
          '0',
          '-1',
          '1e9',
          '2147483648',
          'NaN',
          '2s',
          'Wed, 21 Oct 2115 07:28:00 GMT',
        ),
        fc.string({ maxLength: 20 }),
        fc.double().map(String),
      ),
      location: fc.constantFrom('/x', `http://127.0.0.1:9/${secret}`, '::::', '//host.invalid/v1'),
      how: fc.constantFrom('whole', 'whole', 'whole', 'pieces', 'cut', 'reset'),
    }),
  );
