import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInTaskTypes } from '../../../source/domain/task-type.ts';
import { readPlan } from '../../../source/engine/project/read-plan.ts';
import { problemsOfTasks } from '../../../source/engine/project/task-graph.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const one = { id: 'one', type: 'summarization', prompt: 'Say hello.' };
const two = { id: 'two', type: 'evaluation', prompt: 'Judge it.', dependsOn: ['one'] };
const both = JSON.stringify({ tasks: [one, two] });

/** Ids with their dependencies, or what is wrong. */
function outline(answer: string, ownTaskTypes: string[] = []): unknown {
  const plan = readPlan(answer, ownTaskTypes);
  return 'tasks' in plan
    ? Object.fromEntries(plan.tasks.map(({ id, dependsOn }) => [id, dependsOn.join()]))
    : plan.problems;
}

const tasks = (...list: object[]): string => JSON.stringify({ tasks: list });
const usual = { one: '', two: 'one' };

describe('a plan', () => {
  it.each([
    ['as asked for', both, usual],
    ['with prose and a fence', `Sure!\n\`\`\`json\n${both}\n\`\`\`\nGood luck.`, usual],
    ['as a bare array', JSON.stringify([one, two]), usual],
    ['under another name', JSON.stringify({ plan: [one, two] }), usual],
    ['nested', JSON.stringify({ result: { plan: { tasks: [one, two] } } }), usual],
    ['by id', JSON.stringify({ tasks: { one, two: { ...two, id: undefined } } }), usual],
    [
      'with numbers as ids',
      tasks({ ...one, id: 1 }, { ...two, id: 2, dependsOn: [1] }),
      { 1: '', 2: '1' },
    ],
    [
      'without ids',
      tasks({ ...one, id: undefined }, { ...one, id: null }),
      { 'task-1': '', 'task-2': '' },
    ],
    [
      'with ids in words',
      tasks({ ...one, id: 'Say Hello' }, { ...two, dependsOn: ['Say Hello'] }),
      { 'say-hello': '', two: 'say-hello' },
    ],
    ['with dependencies of null', tasks({ ...one, dependsOn: null }), { one: '' }],
    [
      'with empty dependencies',
      tasks({ ...one, dependsOn: '' }, { ...two, dependsOn: [''] }),
      { one: '', two: '' },
    ],
    ['with dependencies "none"', tasks({ ...one, dependsOn: 'None' }), { one: '' }],
    ['with a dependency as text', tasks(one, { ...two, dependsOn: 'one' }), usual],
    [
      'with dependencies in one text',
      tasks(one, two, { ...one, id: 'c', dependsOn: 'one, two' }),
      { ...usual, c: 'one,two' },
    ],
    ['with dependencies as objects', tasks(one, { ...two, dependsOn: [{ id: 'one' }] }), usual],
    ['with dependencies named twice', tasks(one, { ...two, dependsOn: ['one', 'one'] }), usual],
    [
      'with fields in another spelling',
      tasks(one, { ID: 'two', task_type: 'evaluation', Prompt: 'x', depends_on: ['one'] }),
      usual,
    ],
    ['with line breaks in texts', both.replace('Say hello.', 'Say hello.\nThen stop.'), usual],
    ['with trailing commas', both.replaceAll('}', ',}').replace(']}', ',],}'), usual],
    [
      'with comments',
      both.replace('[', '[ // the first\n').replace(',"type"', ', /* its */ "type"'),
      usual,
    ],
    ['in single quotes', both.replaceAll('"', "'"), usual],
    [
      'in single quotes with an apostrophe',
      "{'tasks': [{'id': 'one', 'type': 'evaluation', 'prompt': 'It's fine, isn't it?'}]}",
      { one: '' },
    ],
    ['with quotes in texts', both.replace('Say hello.', 'Say "hello" now.'), usual],
    ['in curly quotes', both.replaceAll('"', '“').replaceAll(/“([:,\]}])/g, '”$1'), usual],
    ['with bare names', both.replaceAll(/"(tasks|id|type|prompt|dependsOn)":/g, '$1:'), usual],
    [
      'as Python prints it',
      both.replace('{"id":"one"', '{"dependsOn": None, "id":"one"').replaceAll('"', "'"),
      usual,
    ],
    ['without a comma', both.replace('},{', '}\n{'), usual],
    ['with unknown escapes', both.replace('hello', String.raw`\d+ hello`), usual],
    ['after a draft', `${tasks(one)}\nBetter:\n${both}`, usual],
    ['before an example of the form', `${both}\nEach task is like ${JSON.stringify(one)}.`, usual],
  ])('%s is read', (_, answer, expected) => {
    expect(outline(answer)).toEqual(expected);
  });

  it.each([
    ['Code Generation', 'code_generation'],
    ['code-generation', 'code_generation'],
    ['codeGeneration', 'code_generation'],
    ['code_gen', 'code_generation'],
    ['SUMMARIZATION', 'summarization'],
    ['summarize', 'summarization'],
    ['reasoning', 'complex_reasoning'],
    ['Trans Lation', 'trans-lation'],
  ])('may write the type %j for %s', (type, meant) => {
    const plan = readPlan(tasks({ ...one, type }), ['trans-lation']);
    expect(plan).toMatchObject({ tasks: [{ type: meant }] });
  });

  it.each([
    [
      'a dependency on nothing',
      tasks({ ...one, dependsOn: ['zero'] }),
      /"zero", which does not exist/,
    ],
    ['a task that depends on itself', tasks({ ...one, dependsOn: ['one'] }), /depends on itself/],
    ['a circle', tasks({ ...one, dependsOn: ['two'] }, two), /in a circle/],
    ['an id twice', tasks(one, one), /used twice/],
    [
      'names that come to one id',
      tasks(one, { ...one, id: 'One!' }, { ...one, id: 'ONE ?' }),
      /used twice/,
    ],
    ['an unknown type', tasks({ ...one, type: 'cooking' }), /unknown type "cooking"/],
    [
      'a word of the language',
      tasks({ ...one, type: 'constructor' }),
      /unknown type "constructor"/,
    ],
    ['no prompt', tasks({ ...one, prompt: '' }), /has no prompt/],
    ['no task', '{"tasks": []}', /no task/],
    [
      '201 tasks',
      tasks(...Array.from({ length: 201 }, (_, id) => ({ ...one, id }))),
      /more than 200/,
    ],
    ['a refusal', "I can't help with that.", /no JSON/],
    ['an end in its middle', both.slice(0, 90), /no JSON/],
  ])('with %s goes back to its planner', (_, answer, problem) => {
    expect(outline(answer)).toContainEqual(expect.stringMatching(problem));
  });

  it('names no program to run', () => {
    const plan = readPlan(tasks({ ...one, validators: [{ command: 'true' }] }), []);
    expect(plan).toMatchObject({ tasks: [{ validators: [] }] });
  });

  it('is one that can be run or none, whatever a model writes', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      ':',
      ',',
      '\n',
      '\\',
      '//',
      '/*',
      '...',
      'null',
      '1',
      '“',
      '"tasks":',
      '"id": "a"',
      '"type": "evaluation"',
      '"prompt": "x"',
      '"dependsOn": ["a"]',
      '{"id": "a", "type": "evaluation", "prompt": "x"}',
      'id:',
      'None',
      '```json\n',
      '\uD800',
    );
    const text = fc.oneof(
      { weight: 3, arbitrary: fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')) },
      { weight: 1, arbitrary: fc.json().map((json) => `{"tasks": ${json}}`) },
      {
        weight: 1,
        arbitrary: fc
          .array(
            fc.record({
              id: fc.anything(),
              type: fc.constantFrom(...builtInTaskTypes),
              prompt: fc.string(),
              dependsOn: fc.anything(),
            }),
          )
          .map((list) =>
            JSON.stringify({ tasks: list }, (_, value: unknown) =>
              typeof value === 'bigint' ? 0 : value,
            ),
          ),
      },
    );
    fc.assert(
      fc.property(text, (answer) => {
        const plan = readPlan(answer, []);
        expect('tasks' in plan ? problemsOfTasks(plan.tasks, { ownTaskTypes: [] }) : []).toEqual(
          [],
        );
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    '{',
    '[',
    '{"a":',
    '{"a{"',
    '" ',
    "'a' ",
    '{"tasks":[',
    '//',
    '“',
    '{"score":1}',
    '{a b ',
  ])('is looked for in 1 MB of %j in linear time', (piece) => {
    expect(cpuMs(() => readPlan(piece.repeat(1_000_000 / piece.length), []))).toBeLessThan(3000);
  });
});
