import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { validatorSchema } from '../../../source/engine/index.ts';
import { requirementsOf, validate, validatorsOf } from '../../../source/engine/validators/index.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const check = (given: unknown, output: string, secrets: string[] = []): Promise<string[]> =>
  validate([validatorSchema.parse(given)], output, {
    taskType: 'code_generation',
    secrets,
    scratchDirectory: temporaryDirectory(),
  });

const longText = 'a'.repeat(60);
const isRegex = (given: unknown): boolean => JSON.stringify(given).includes('regex');

describe('a check', () => {
  it.each<[unknown, string]>([
    ['json', '{"a": [1, null]}'],
    ['json', '```json\n{"a": 1}\n```'],
    [{ 'json-schema': { type: 'object', required: ['a'] } }, '{"a": 1}'],
    [{ kind: 'json-schema', schema: { $schema: 'http://json-schema.org/draft-07/schema#' } }, '1'],
    [{ regex: '^abc', flags: 'i' }, 'ABCdef'],
    [{ regex: { pattern: 'b.d', flags: 's' } }, 'b\nd'],
    [{ contains: ['one', 'two'] }, 'two and one'],
    [{ length: { min: 2, max: 3 } }, '😀😀'],
    ['javascript', 'export const a = async () => { await import("x"); };'],
    ['javascript', 'Some prose.\n```js\nlet a = 1;\n```\nMore prose.'],
    // Nothing here can parse JSX, so nothing is said against it.
    ['code', '```js\nexport const A = () => <b className="x">{1}</b>;\n```'],
    ['code', '```ts\nexport const A = () => <Box width={1} />;\n```'],
    ['typescript', '```ts\nenum A { B }\nexport const a: A = A.B;\n```'],
    ['python', '```python\ndef f(x: int) -> int:\n    return x + 1\n```'],
    ['code', '```ts\nlet a: number = 1;\n```\n```rust\nfn main() {\n```'],
    ['code', 'No code at all.'],
    ['no-secrets', 'const key = process.env.OPENAI_API_KEY; // sk-...'],
    [{ command: ['grep', '-q', 'needle', '{file}'] }, 'hay needle hay'],
    [{ command: 'grep -q needle' }, 'hay needle hay'],
    [{ type: 'length', max: 5 }, 'four'],
  ])('by %j passes %j', async (given, output) => {
    expect(await check(given, output)).toEqual([]);
  });

  it.each<[unknown, string, RegExp]>([
    ['json', 'not json', /not valid JSON/],
    [{ 'json-schema': { type: 'object', required: ['a'] } }, '{}', /required property 'a'/],
    [{ 'json-schema': { type: 'object' } }, 'x', /not valid JSON/],
    [{ 'json-schema': { type: 'nonsense' } }, '{}', /schema is not usable/],
    [{ 'json-schema': { $ref: '#' } }, '{"a": {"a": 1}}', /refers to itself without end/],
    [{ 'json-schema': { $ref: 'http://127.0.0.1:1/x.json' } }, '{}', /schema is not usable/],
    [{ regex: '^abc$' }, 'abcd', /does not match/],
    [{ contains: 'x' }, 'abc', /does not contain "x"/],
    [{ length: { max: 3 } }, 'four', /4 characters, more than 3/],
    [{ length: { min: 5 } }, 'four', /4 characters, fewer than 5/],
    ['javascript', 'const a = ;', /JavaScript does not parse/],
    ['javascript', 'if (a < b && c > d) {', /JavaScript does not parse/],
    ['javascript', 'const a: number = 1;', /uses TypeScript syntax/],
    ['typescript', '```typescript\nconst a: = 1;\n```', /TypeScript does not parse/],
    ['python', 'def f(:\n  pass', /Python does not parse: SyntaxError/],
    ['code', '```py\ndef f(:\n```', /Python does not parse/],
    ['no-secrets', 'key: sk-proj-abcdefghijklmnopqrstuvwx', /secret key/],
    ['no-secrets', '-----BEGIN RSA PRIVATE KEY-----\nMII', /secret key/],
    [{ command: ['sh', '-c', 'echo went wrong; exit 3'] }, 'x', /ended with 3: went wrong/],
    [{ command: ['no-such-program-here'] }, 'x', /could not be started/],
  ])('by %j fails %j', async (given, output, problem) => {
    const problems = await check(given, output);
    expect(problems.join('\n')).toMatch(problem);
  });

  it("finds the user's own key", async () => {
    expect(await check('no-secrets', 'use my-own-key-123', ['my-own-key-123'])).toHaveLength(1);
  });

  it.each<[unknown, RegExp]>([
    [
      { regex: '^(a+)+$' },
      /longer than 1 s.*the regular expression \/\^\(a\+\)\+\$\/: simplify it/,
    ],
    [
      { 'json-schema': { properties: { a: { pattern: '^(a+)+$' } } } },
      /longer than 2 s.*the JSON Schema of that check: simplify its patterns/,
    ],
  ])(
    'by %j that would run for ever is left out in time, and the model not blamed',
    async (given, said) => {
      const skipped: string[] = [];
      const output = isRegex(given) ? `${longText}!` : JSON.stringify({ a: `${longText}!` });
      const problems = await validate([validatorSchema.parse(given)], output, {
        taskType: 'data_extraction',
        secrets: [],
        onSkipped: (message) => skipped.push(message),
      });
      expect(problems).toEqual([]);
      expect(skipped).toEqual([expect.stringMatching(said)]);
    },
  );

  it('of syntax runs nothing', async () => {
    const file = join(temporaryDirectory(), 'proof');
    const write = `require("fs").writeFileSync(${JSON.stringify(file)}, "")`;
    await check('javascript', write);
    await check('python', `open(${JSON.stringify(file)}, "w")`);
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    'unknown-kind',
    { regex: '(' },
    { kind: 'regex', pattern: 'a', flags: 'g' },
    { length: {} },
    { kind: 'json', more: 1 },
    { command: [] },
    5,
  ])('cannot be %j', (given) => {
    expect(validatorSchema.safeParse(given).success).toBe(false);
  });
});

describe('a command', () => {
  it('gets no key of ours, and a directory of its own that is gone afterwards', async () => {
    process.env['TEST_API_KEY'] = 'secret-of-the-user';
    const proof = join(temporaryDirectory(), 'proof');
    await check({ command: ['sh', '-c', `env > ${proof}; pwd >> ${proof}; ls >> ${proof}`] }, '1;');
    delete process.env['TEST_API_KEY'];
    const seen = readFileSync(proof, 'utf8');
    expect(seen).not.toContain('secret-of-the-user');
    const directory = /^\/.*\/check-.*$/m.exec(seen)?.[0] ?? '';
    expect(directory).not.toBe('');
    expect(existsSync(directory)).toBe(false);
  });

  it('that takes too long is killed with all it started', async () => {
    const proof = join(temporaryDirectory(), 'pid');
    const command = ['sh', '-c', `sleep 600 & echo $! > ${proof}; wait`];
    const problems = await check({ kind: 'command', command, timeoutSeconds: 0.3 }, 'x');
    expect(problems[0]).toContain('took longer than 0.3 s');
    const pid = Number(readFileSync(proof, 'utf8'));
    const alive = (): boolean => {
      try {
        // A killed process that nobody has waited for yet is a zombie: dead all the same.
        return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
      } catch {
        return false;
      }
    };
    await expect.poll(alive).toBe(false);
  });

  it('does not wait for what it leaves running', async () => {
    expect(await check({ command: ['sh', '-c', 'sleep 600 & exit 0'] }, 'x')).toEqual([]);
  });
});

describe('the checks of a task', () => {
  const kinds = (type: string, validators: unknown[] = []): string[] =>
    validatorsOf({ type, validators }).map(({ kind }) => kind);

  it('come from its type where it names none, and always look for secrets', () => {
    expect(kinds('code_generation')).toEqual(['code', 'no-secrets']);
    expect(kinds('data_extraction')).toEqual(['json', 'no-secrets']);
    expect(kinds('creative_writing')).toEqual(['no-secrets']);
    expect(kinds('constructor')).toEqual(['no-secrets']);
    expect(kinds('code_generation', ['python'])).toEqual(['python', 'no-secrets']);
  });

  it('reach the model in words', () => {
    const specs = [
      'json',
      { 'json-schema': { type: 'object' } },
      { regex: '^a' },
      { contains: 'b' },
      { length: { min: 1, max: 2 } },
      { length: { min: 1 } },
      { length: { max: 2 } },
      'python',
      { command: 'true' },
    ].map((given) => validatorSchema.parse(given));
    expect(requirementsOf(specs)).toEqual([
      'The answer is one valid JSON value.',
      'The answer is JSON that fits this JSON Schema: {"type":"object"}',
      'The answer matches the regular expression /^a/.',
      'The answer contains "b".',
      'The answer has 1 to 2 characters.',
      'The answer has at least 1 characters.',
      'The answer has at most 2 characters.',
      'The answer is valid python code.',
    ]);
  });
});
