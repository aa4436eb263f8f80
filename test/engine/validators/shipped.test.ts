import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ValidatorKind } from '../../../source/engine/validators/index.ts';
import { startProgram } from '../../support/program.ts';
import { goodAnswer } from '../support/run.ts';
import { startScriptedServer } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary.ts';

type Example = { validator: unknown; passes: string; fails: string };

const needsInteger = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } };
const schema = (more: object): Example => ({
  validator: { 'json-schema': { ...needsInteger, ...more } },
  passes: '{"n": 1}',
  fails: '{"n": "1"}',
});

/** At least one of every kind: what is shipped is another program than the sources. */
const examples: Record<ValidatorKind, Example[]> = {
  json: [{ validator: 'json', passes: '```json\n[1]\n```', fails: '[1' }],
  'json-schema': [
    schema({}),
    schema({ $schema: 'http://json-schema.org/draft-06/schema#' }),
    schema({ $schema: 'http://json-schema.org/draft-07/schema#' }),
    schema({ $schema: 'https://json-schema.org/draft-07/schema' }),
    schema({
      $schema: 'https://json-schema.org/draft/2019-09/schema',
      unevaluatedProperties: false,
    }),
    schema({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://example.com/a',
    }),
    {
      validator: { 'json-schema': { type: 'array', prefixItems: [{ format: 'date' }] } },
      passes: '["2024-02-29"]',
      fails: '["2023-02-29"]',
    },
  ],
  regex: [{ validator: { regex: '^a+$' }, passes: 'aaa', fails: 'aab' }],
  contains: [{ validator: { contains: 'needle' }, passes: 'a needle', fails: 'hay' }],
  length: [{ validator: { length: { max: 3 } }, passes: 'abc', fails: 'abcd' }],
  javascript: [{ validator: 'javascript', passes: 'let a = 1;', fails: 'let a = ;' }],
  typescript: [{ validator: 'typescript', passes: 'let a: number;', fails: 'let a: = 1;' }],
  python: [{ validator: 'python', passes: 'a = 1', fails: 'a = (' }],
  code: [{ validator: 'code', passes: '```py\na = 1\n```', fails: '```ts\nlet a: = 1;\n```' }],
  'no-secrets': [
    { validator: 'no-secrets', passes: 'none', fails: 'AIza0123456789abcdefghijklmnopqrstuvwxy' },
  ],
  command: [{ validator: { command: 'grep -q needle {file}' }, passes: 'needle', fails: 'hay' }],
};

it('checks answers by every kind of validator in the built program', async () => {
  const all = Object.values(examples).flat();
  const answers = all.flatMap(({ passes, fails }) => [passes, fails]);
  const server = await startScriptedServer((asked) => {
    const index = Number(asked.section('task'));
    return asked.role === 'generator' || asked.role === 'reviser'
      ? { text: answers[index] ?? '' }
      : goodAnswer(asked);
  });
  onTestFinished(() => server.close());
  const directory = temporaryDirectory();
  const provider = { kind: 'openai-compatible', baseUrl: server.baseUrl };
  const models = ['a', 'b'].map((id) => ({ id, provider: id, price: { input: 1, output: 1 } }));
  writeFileSync(
    join(directory, 'orchestrator.yaml'),
    JSON.stringify({ catalogue: false, providers: { a: provider, b: provider }, models }),
  );
  const tasks = answers.map((_, index) => ({
    id: `t${index}`,
    type: 'evaluation',
    prompt: String(index),
    validators: [all[Math.floor(index / 2)]?.validator],
  }));
  writeFileSync(join(directory, 'p.yaml'), JSON.stringify({ project: 'p', criteria: 'c', tasks }));
  const program = startProgram(['run', '--file', 'p.yaml', '--budget', '5', '--json'], {
    environment: {
      HOME: directory,
      ORCHESTRATOR_CACHE_DIR: join(directory, 'cache'),
      ORCHESTRATOR_TRUST: '1',
    },
    workingDirectory: directory,
  });
  await program.ended;
  const passed = new Map<string, boolean>();
  for (const line of program.stdout().trim().split('\n')) {
    const event: { type: string; taskId: string; deterministicPassed: boolean } = JSON.parse(line);
    if (event.type === 'task-finished') passed.set(event.taskId, event.deterministicPassed);
  }
  const wrong = tasks
    .filter(({ id }, index) => passed.get(id) !== (index % 2 === 0))
    .map(({ id, validators }, index) => [id, validators, answers[index]]);
  expect(wrong).toEqual([]);
});
