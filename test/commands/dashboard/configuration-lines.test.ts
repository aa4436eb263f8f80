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
