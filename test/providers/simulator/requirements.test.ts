import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { generatePrompt, judgePrompt } from '../../../source/domain/prompts.ts';
import { answer, type SimulatorSettings } from '../../../source/providers/simulator/answer.ts';
import { readScoreToken } from '../../../source/providers/simulator/score-token.ts';
import { createFixtures } from '../../../source/providers/simulator/fixtures.ts';

const settings: SimulatorSettings = { seed: 7, fixtures: createFixtures(7), planSize: 5 };

/** What the most reliable model answers to a task with these requirements. */
function answerTo(type: string, requirements: string[], instructions = 'Describe the lighthouse') {
  const [model] = settings.fixtures.models;
  if (model === undefined) throw new Error('no models');
  const prompt = generatePrompt({ type, instructions, criteria: 'It is right', requirements });
  return answer(settings, { model, prompt, repetition: 0, day: 60 });
}

describe('an answer of the simulator', () => {
  it.each([
    {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'size', 'kind', 'tags', 'open', 'when'],
      properties: {
        name: { type: 'string', minLength: 3, maxLength: 40 },
        size: { type: 'integer', minimum: 3, maximum: 5 },
        kind: { enum: ['a', 'b'] },
        tags: { type: 'array', minItems: 3, items: { type: 'string' } },
        open: { type: 'boolean' },
        when: { type: 'string', format: 'date' },
        version: { const: 2 },
        note: { type: ['string', 'null'] },
        share: { type: 'number', minimum: 0, maximum: 1 },
        nothing: { type: 'null' },
      },
    },
    { type: 'array', items: { properties: { title: { type: 'string' } }, required: ['title'] } },
  ])('fits a JSON Schema and keeps its score token: %j', (schema) => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const text = answerTo('data_extraction', [
      `The answer is JSON that fits this JSON Schema: ${JSON.stringify(schema)}`,
    ]);
    expect(ajv.validate(schema, JSON.parse(text))).toBe(true);
    expect(readScoreToken(settings.seed, text)).toBeGreaterThan(0.5);
  });

  it.each([
    'summarization',
    'code_generation',
    'data_extraction',
    'haiku',
    'constructor',
    '__proto__',
  ])('contains what %s has to contain', (type) => {
    const text = answerTo(type, ['The answer contains "Fresnel lens".']);
    expect(text).toContain('Fresnel lens');
    expect(readScoreToken(settings.seed, text)).toBeGreaterThan(0.5);
  });

  it('keeps to a length', () => {
    const short = answerTo('summarization', ['The answer has at most 160 characters.']);
    expect(short.length).toBeLessThanOrEqual(160);
    expect(readScoreToken(settings.seed, short)).toBeGreaterThan(0.5);
    const long = answerTo('summarization', ['The answer has 3000 to 9000 characters.']);
    expect(long.length).toBeGreaterThanOrEqual(3000);
  });

  it('is JSON where JSON is asked for', () => {
    expect(
      JSON.parse(answerTo('evaluation', ['The answer is one valid JSON value.'])),
    ).toMatchObject({
      source: 'simulated',
    });
  });

  it('is in the language that a check names', () => {
    expect(answerTo('code_generation', ['The answer is valid python code.'])).toMatch(/^```python/);
  });

  it('passes over a schema that is none', () => {
    const text = answerTo('evaluation', [
      'The answer is JSON that fits this JSON Schema: {"type": 3}',
    ]);
    expect(JSON.parse(text)).toHaveProperty('reference');
  });
});

describe('a score token', () => {
  it('of another simulator says nothing', () => {
    const text = answerTo('summarization', []);
    const verdicts = [7, 8].map((seed) => readScoreToken(seed, text));
    expect(verdicts[0]).toBeGreaterThan(0.5);
    expect(verdicts[1]).toBeUndefined();
  });

  it('is read from the last genuine mark', () => {
    const text = answerTo('summarization', []);
    expect(readScoreToken(7, `${text}\nsim:00000000`)).toBe(readScoreToken(7, text));
  });

  it('reaches the judge through the prompt', () => {
    const text = answerTo('summarization', []);
    const { prompt } = judgePrompt(
      { type: 'summarization', instructions: 'x', criteria: 'y' },
      { answer: text },
    );
    expect(readScoreToken(7, prompt)).toBe(readScoreToken(7, text));
  });
});
