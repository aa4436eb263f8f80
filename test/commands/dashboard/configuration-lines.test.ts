import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { configurationLines } from '../../../source/commands/dashboard/configuration-lines.ts';
import type { Recommendation } from '../../../source/domain/insight.ts';

const advice: Recommendation = {
  kind: 'switch',
  taskType: 'code_review',
  model: 'claude-opus',
  alternative: 'deepseek-reasoner',
  evidence: { n: 70, nAlternative: 80 },
  message:
    'Route code_review to deepseek-reasoner instead of claude-opus\nwhy, and what it is worth',
};

it('takes the task type from the model in use, and leaves it every other', () => {
  const models = [{ id: 'claude-opus', provider: 'anthropic' }];
  const lines = configurationLines(advice, models, ['house_style']);
  expect(`\n${lines}`).toMatchInlineSnapshot(`
    "
    # Route code_review to deepseek-reasoner instead of claude-opus
    # code_review then goes to deepseek-reasoner, or what is as good and cheaper.
    models:
      - {id: "claude-opus", provider: anthropic, taskTypes: [code_generation, complex_reasoning, creative_writing, data_extraction, summarization, evaluation, house_style]}
    "
  `);
  expect(parse(lines)).toEqual({
    models: [
      {
        id: 'claude-opus',
        provider: 'anthropic',
        taskTypes: [
          'code_generation',
          'complex_reasoning',
          'creative_writing',
          'data_extraction',
          'summarization',
          'evaluation',
          'house_style',
        ],
      },
    ],
  });
});

it('blocks a model that was able to do nothing else', () => {
  const models = [{ id: 'claude-opus', provider: 'anthropic', taskTypes: ['code_review'] }];
  expect(parse(configurationLines(advice, models, []))).toEqual({
    policy: { block: ['claude-opus'] },
  });
});

it('is a comment where there is nothing to configure', () => {
  const lines = configurationLines({ ...advice, kind: 'needs-data' }, [], []);
  expect(parse(lines)).toBeNull();
});

it('says exactly the names that are meant, and adds no line and no command to them', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.constantFrom(
      'a\nblock: [b]',
      'x], provider: evil, price: {input: 0',
      '$(touch owned)',
      '`touch owned`',
      'a; touch owned',
      'a\u2028b\u0085c',
      '\u001B]52;c;AAAA\u0007',
      'null',
      '1e3',
      '"quoted\\',
      '!tag',
    ),
  );
  fc.assert(
    fc.property(name, name, name, (model, other, taskType) => {
      const lines = configurationLines(
        { ...advice, model, alternative: other, message: `Route ${taskType} to ${other}` },
        [],
        [taskType, 'house_style'],
      );
      fc.pre(taskType !== advice.taskType);
      expect(lines.split('\n')).toHaveLength(5);
      expect(lines).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|`|\$\(|[<>=]\(/u);
      const comments = lines.split('\n').filter((line) => line.startsWith('#'));
      expect(comments.join('')).not.toMatch(/[;|&]/);
      const read: unknown = parse(lines);
      expect(read).toMatchObject({ models: [{ id: model.toWellFormed() }] });
      expect(read).toMatchObject({
        models: [{ taskTypes: expect.arrayContaining([taskType.toWellFormed()]) }],
      });
    }),
    { numRuns: 2000 },
  );
});
