import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerText } from '../../../source/engine/reading/answer-text.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const answer = 'The port is 8080.\n\nIt can be changed.';
const thought = 'Okay, the user wants a port. Is it `80`? Maybe {"score": 0.1}.\n\n1. No.';

describe('an answer', () => {
  it.each([
    ['a think block', `<think>\n${thought}\n</think>\n\n${answer}`],
    ['an empty think block', `<think>\n\n</think>\n\n${answer}`],
    ['capitals', `<THINK>${thought}</THINK>${answer}`],
    ['attributes', `<think type="deep">${thought}</think>${answer}`],
    ['no opening tag', `${thought}\n</think>\n\n${answer}`],
    ['no opening tag and no line break', `${thought}</think>${answer}`],
    ['several blocks', `<think>a</think>\n<think>${thought}</think>\n${answer}`],
    [
      'a block that speaks of its own end',
      `<think>I close with \`</think>\`.\n</think>\n${answer}`,
    ],
    ['a process', `<thinking_process>${thought}</thinking_process>\n${answer}`],
    ['a chain of thought', `<chain_of_thought>${thought}</chain_of_thought>\n${answer}`],
    ['bars', `<|think|>${thought}<|/think|>${answer}`],
    ['words in square brackets', `[REASONING]${thought}[/REASONING]\n${answer}`],
    ['a thinking block', `<thinking>\n${thought}\n</thinking>\n${answer}`],
    ['a reasoning block', `<reasoning>${thought}</reasoning>\n\n${answer}`],
    ['a thought block', `<thought>${thought}</thought>\n${answer}`],
    ['a reflection in a block', `<thinking>a<reflection>b</reflection></thinking>\n${answer}`],
    ['blocks of two kinds', `<thinking>a</thinking><reflection>b</reflection>${answer}`],
    ['a prefixed tag', `<seed:think>${thought}</seed:think>${answer}`],
    ['brackets', `[THINK]${thought}[/THINK]${answer}`],
    ['triangles', `◁think▷${thought}◁/think▷${answer}`],
    ['a thought in pipes', `<|begin_of_thought|>${thought}<|end_of_thought|>\n\n${answer}`],
    [
      'all in pipes',
      `<|START_THINKING|>${thought}<|END_THINKING|><|START_RESPONSE|>${answer}<|END_RESPONSE|>`,
    ],
    ['an answer tag behind', `<think>${thought}</think>\n<answer>\n${answer}\n</answer>`],
    [
      'channels',
      `<|channel|>analysis<|message|>${thought}<|end|><|start|>assistant<|channel|>final<|message|>${answer}<|return|>`,
    ],
    [
      'constrained channels',
      `<|start|>assistant<|channel|>commentary<|message|>${thought}<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>${answer}`,
    ],
    ['channels without their marks', `analysisThe user wants a port.assistantfinal${answer}`],
    ['unused tokens', `<unused94>thought\n${thought}<unused95>${answer}`],
    ['a channel of its own', `<|channel>thought\n${thought}<channel|>${answer}`],
    ['headings', `Here is my thought process:\n${thought}\nHere is my response:\n${answer}`],
  ])('with reasoning in %s is what follows it', (_, text) => {
    expect(answerText(text)).toMatchObject({ text: answer, reasoned: true, unfinished: false });
  });

  it.each([
    ['<think>\nOkay, first'],
    ['  <thinking>Okay, first'],
    ['<think>a</think><think>b'],
    ['<|channel|>analysis<|message|>Okay, first'],
    ['[THINK]Okay'],
    ['◁think▷Okay'],
  ])('that does not get beyond its reasoning is none: %j', (text) => {
    expect(answerText(text)).toMatchObject({ text: '', unfinished: true });
  });

  it('that thinks again in its middle is left without that', () => {
    expect(answerText('One.\n<think>\nhm\n</think>\nTwo.').text).toBe('One.\n\nTwo.');
    expect(answerText('<think>a</think>One.<think>b</think>Two.').text).toBe('One.Two.');
    expect(answerText('One.\n<think>\nhm')).toMatchObject({ text: 'One.', unfinished: true });
  });

  it.each([
    ['in a fence', 'It writes\n```\n<think>\nhm\n</think>\nfine\n```\nand that is all.'],
    ['in a fence, the end alone', 'It ends with\n\n~~~\n</think>\n~~~\n'],
    ['in inline code', 'Everything before `</think>` is dropped, `<think>` or not.'],
    ['in prose', 'Use </think> to end it, and "<think>" to begin it.'],
    ['in prose after reasoning', 'It opens with <think> and ends with </think> as usual.'],
    ['in JSON', '{"pattern": "x</think>y", "open": "\\n<think>"}'],
    ['as the whole answer', '<reflection>What I learned this year.</reflection>'],
    ['as words', 'I think that reasoning, thought and reflection matter.'],
  ])('that speaks of such marks %s stays as it is', (_, text) => {
    expect(answerText(text).text).toBe(text);
  });

  it.each([
    ['<reasoning>because</reasoning>\n<label>spam</label>', 'Write <reasoning> and <label>.'],
    ['One.\n<think>\nhm\n</think>\nTwo.', 'Show how a model uses <think> tags.'],
    ['First, </think>\nthen go on.', 'What is </think> for?'],
  ])('to a request about such marks stays as it is: %j', (text, request) => {
    expect(answerText(text, request).text).toBe(text);
  });

  it('without any mark is never changed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        fc.pre(!/think|thought|reason|reflection|scratch|analysis|monologue|unused|\|/i.test(text));
        expect(answerText(text).text).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('loses nothing but reasoning, however marks are mixed', () => {
    const piece = fc.constantFrom(
      '<think>',
      '</think>',
      '[THINK]',
      '[/THINK]',
      '<thinking>',
      '</thinking>',
      '\n',
      '```\n',
      '`',
      ' a ',
      '<|channel|>final<|message|>',
      '◁/think▷',
      '"',
      '{"a":1}',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const read = answerText(text);
        expect(read.text.length).toBeLessThanOrEqual(text.length);
        expect(answerText(`<think>x</think>\n\n${answer}`).text).toBe(answer);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['```js\nlet a', true],
    ['{"a": [1, 2', true],
    ['{"a": 1}', false],
    ['```\na\n```', false],
    ['Plain.', false],
  ])('%j ends within what it began with: %s', (text, openEnded) => {
    expect(answerText(text).openEnded).toBe(openEnded);
  });

  it.each(['<think>', '</think>', '<think>x</think>', '```\n', '[', '{"a":', '\n<think>\n', '<'])(
    'of 1 MB of %j is read in linear time',
    (piece) => {
      expect(cpuMs(() => answerText(`x ${piece.repeat(1_000_000 / piece.length)}`))).toBeLessThan(
        3000,
      );
    },
  );
});
