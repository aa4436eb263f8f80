import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  tokensOfCutPrompt,
  judgeUsage,
  type Exchanged,
} from '../../../source/engine/money/believable-usage.ts';

const exchanged: Exchanged = {
  promptBytes: 2000,
  inputTokens: 2256,
  maxOutputTokens: 1024,
  answerBytes: 4000,
};
const usual = { inputTokens: 500, cachedInputTokens: 0, outputTokens: 900 };

describe('a usage', () => {
  it.each([
    ['as usual', usual, { input: 0, output: 0 }],
    ['with cached input', { ...usual, cachedInputTokens: 400, cacheWriteTokens: 100 }, {}],
    ['with reasoning', { ...usual, reasoningTokens: 900 }, {}],
    ['with what a gateway added', { ...usual, inputTokens: 26_300 }, { input: 26_300 - 2256 }],
    ['beyond the limit', { ...usual, outputTokens: 9000 }, { output: 9000 - 1024 }],
    ['of a short answer in one token', { ...usual, outputTokens: 63 }, {}],
  ])('%s is plausible', (_name, usage, excess) => {
    expect(judgeUsage(usage, exchanged)).toMatchObject({ plausible: true, usage, excess });
  });

  it.each([
    ['negative', { ...usual, outputTokens: -1 }],
    ['fractional', { ...usual, inputTokens: 200.5 }],
    ['endless', { ...usual, inputTokens: Number.POSITIVE_INFINITY }],
    ['no number', { ...usual, cachedInputTokens: Number.NaN }],
    ['absurd in its input', { ...usual, inputTokens: 1e12 }],
    ['absurd in its output', { ...usual, outputTokens: 1e12 }],
    ['beyond all integers', { ...usual, outputTokens: 1e308 }],
    ['more cached than sent', { ...usual, cachedInputTokens: 501 }],
    [
      'more written and read than sent',
      { ...usual, cachedInputTokens: 300, cacheWriteTokens: 300 },
    ],
    ['more reasoning than output', { ...usual, reasoningTokens: 901 }],
    ['refuted by the answer', { ...usual, outputTokens: 1 }],
  ])('that is %s is not plausible, and says why', (_name, usage) => {
    const verdict = judgeUsage(usage, exchanged);
    expect(verdict).toMatchObject({ plausible: false, problem: expect.stringMatching(/./) });
  });

  it('is never plausible beyond what any gateway or model adds', () => {
    const count = fc.oneof(fc.nat(), fc.double(), fc.integer(), fc.constant(1e12));
    fc.assert(
      fc.property(count, count, count, fc.nat(200_000), fc.nat(200_000), (...numbers) => {
        const [inputTokens, cachedInputTokens, outputTokens, promptBytes, answerBytes] = numbers;
        const known = {
          promptBytes,
          inputTokens: promptBytes + 256,
          maxOutputTokens: 1024,
          answerBytes,
        };
        const verdict = judgeUsage({ inputTokens, cachedInputTokens, outputTokens }, known);
        const possible =
          Number.isSafeInteger(inputTokens) &&
          Number.isSafeInteger(outputTokens) &&
          cachedInputTokens <= inputTokens &&
          inputTokens <= promptBytes + 256 + 262_144 &&
          outputTokens <= Math.max(1024, answerBytes) + 131_072;
        expect(verdict.plausible && !possible).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('a prompt', () => {
  const prose = 'All of this is part of the answer, and it goes on. '.repeat(600);

  it('of which a server counts a fraction was cut', () => {
    expect(tokensOfCutPrompt(2050, [prose])).toBeGreaterThan(4000);
    expect(
      tokensOfCutPrompt(1500, ['这是一个很长的中文文本，用来说明问题。'.repeat(500)]),
    ).toBeGreaterThan(1500);
  });

  it('of a megabyte is checked by samples: cut to its window, or read whole', () => {
    const long = prose.repeat(35);
    expect(tokensOfCutPrompt(32_000, [long])).toBeGreaterThan(100_000);
    expect(tokensOfCutPrompt(Math.ceil(long.length / 5.5), [long])).toBeUndefined();
  });

  it.each([
    ['prose', prose, prose.length / 5.5],
    ['one word per token', 'international '.repeat(1000), 1000 * 2],
    ['Chinese', '这是一个很长的中文文本，用来说明问题。'.repeat(500), 19 * 500 * 0.5],
    ['code', '    if (value === undefined) {\n        return null;\n    }\n'.repeat(300), 300 * 15],
    ['runs of one character', '='.repeat(60_000), 500],
    ['a short text', 'Write it.', 1],
  ])('of %s that was counted whole was not', (_name, text, counted) => {
    expect(tokensOfCutPrompt(Math.ceil(counted), [text])).toBeUndefined();
  });
});
