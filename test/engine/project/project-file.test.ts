import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseProjectFile, readProjectFile } from '../../../source/engine/index.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const parse = (text: string) => parseProjectFile(text, 'p.yaml');
const messageOf = (text: string): string => {
  try {
    parse(text);
    return 'no error';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

describe('a project file', () => {
  it('brings the tags of its run, as texts', () => {
    const file = 'project: p\ncriteria: c\ntags: {team: search, build: 17, nightly: true}';
    expect(parse(file).tags).toEqual({ team: 'search', build: '17', nightly: 'true' });
    expect(parse('project: p\ncriteria: c\ntags:').tags).toBeUndefined();
    const versions = 'project: p\ncriteria: c\ntags: {a: 1.10, b: 12345678901234567890, c: 007}';
    expect(parse(versions).tags).toEqual({ a: '1.10', b: '12345678901234567890', c: '007' });
  });

  it.each([
    'tags: [search]',
    'tags: {"my team": x}',
    'tags: {team: [a]}',
    'tags: {team: "a\\u202Eb"}',
    `tags: {${Array.from({ length: 17 }, (_, index) => `t${index}: x`).join(', ')}}`,
  ])('is refused with its place where it says %s', (line) => {
    expect(messageOf(`project: p\ncriteria: c\n${line}`)).toBe(
      'p.yaml:3:7: tags: must be up to 16 names with a line of visible text for each, as in {team: search}: correct it and try again.',
    );
  });

  it('brings a project, its limits and its tasks', () => {
    expect(
      parse(`
project: Build a parser
criteria: It parses
budget: 2.5
time: 600
tasks:
  - id: spec
    type: complex_reasoning
    prompt: Specify it
  - id: code
    type: code_generation
    prompt: Write it
    dependsOn: spec
    validators:
      - typescript
      - regex: "^export"
      - {kind: length, max: 5000}
      - command: [node, --check, "{file}"]
`),
    ).toEqual({
      project: 'Build a parser',
      criteria: 'It parses',
      budget: 2.5,
      time: 600,
      tasks: [
        {
          id: 'spec',
          type: 'complex_reasoning',
          prompt: 'Specify it',
          dependsOn: [],
          validators: [],
        },
        {
          id: 'code',
          type: 'code_generation',
          prompt: 'Write it',
          dependsOn: ['spec'],
          validators: [
            { kind: 'typescript' },
            { kind: 'regex', pattern: '^export', flags: '' },
            { kind: 'length', max: 5000 },
            { kind: 'command', command: ['node', '--check', '{file}'], timeoutSeconds: 60 },
          ],
        },
      ],
    });
  });

  it.each([
    ['project: [', /^p\.yaml:1:\d+: is not valid YAML \(.+\): correct it/],
    ['', /^p\.yaml:1:1: the file: must hold a project and criteria: correct it and try again\.$/],
    ['- A', /^p\.yaml:1:1: the file: must hold a project and criteria: correct/],
    ['project: 5\ncriteria: B', /^p\.yaml:1:10: project: must be text: correct/],
    ['project: A', /^p\.yaml:1:1: criteria: is missing: correct/],
    ['project: A\ncriteria: B\nbudget: lots', /^p\.yaml:3:9: budget: must be a number: correct/],
    ['project: A\ncriteria: B\nconcurrency: 1.5', /concurrency: must be a whole number: correct/],
    ['project: A\ncriteria: B\ntasks: 7', /^p\.yaml:3:8: tasks: must be a list: correct/],
    ['project: A\ncriteria: B\ntasks: [x]', /tasks\.0: must be an object with its fields: correct/],
    [
      'project: A\ncriteria: B\ntasks: [{id: a, type: b, prompt: c, validators: [d]}]',
      /validators\.0\.kind: must be one of json, javascript, .*, command: correct/,
    ],
    ['project: A\ncriteria: B\nbudget: -1', /^p\.yaml:3:9: budget: must be above 0/],
    ['project: A\ncriteria: B\nbudgets: 1', /^p\.yaml:3:10: budgets is not known/],
    ['project: A', /^p\.yaml:1:1: criteria: /],
    ['', /^p\.yaml:1:1: the file: /],
    ['project: A\ncriteria: B\ntasks: []', /^p\.yaml:3:8: tasks: must name at least one task/],
    [
      'project: A\ncriteria: B\ntasks:\n  - {id: a, type: X!, prompt: p}',
      /^p\.yaml:4:19: tasks\.0\.type: must be/,
    ],
    [
      'project: A\ncriteria: B\ntasks:\n  - {id: a, type: x, prompt: p, dependsOn: [b]}',
      /^p\.yaml:4:5: The task a depends on "b", which does not exist/,
    ],
    [
      'project: A\ncriteria: B\ntasks:\n  - {id: a, type: x, prompt: p, validators: [{regex: "("}]}',
      /^p\.yaml:4:\d+: tasks\.0\.validators\.0\.pattern: is not a regular expression/,
    ],
    [
      'project: A\ncriteria: B\ntasks:\n  - {id: a, type: x, prompt: p, dependsOn: [b]}\n  - {id: b, type: x, prompt: p, dependsOn: [a]}',
      /^p\.yaml:4:3: These tasks depend on one another in a circle: a → b → a/,
    ],
  ])('says where it is wrong: %j', (text, message) => {
    expect(messageOf(text)).toMatch(message);
    expect(messageOf(text)).toMatch(/: correct it and try again\.$/);
  });

  it('is missed by name', () => {
    const path = join(temporaryDirectory(), 'none.yaml');
    expect(() => readProjectFile(path)).toThrow(
      expect.objectContaining({ code: 'no-project-file' }),
    );
  });
});
