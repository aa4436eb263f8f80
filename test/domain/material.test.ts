import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeTags, section, sectionIn, unescapeTags } from '../../source/domain/material.ts';
import { judgePrompt, readPrompt, revisePrompt } from '../../source/domain/prompts.ts';
import { cpuMs } from '../support/cpu-time.ts';

const names = ['project', 'task', 'criteria', 'requirements', 'prior_work', 'answer', 'review'];

/** What a reader sees: no invisible characters, one kind of bracket, one case. */
const seen = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replaceAll(/[‹〈⟨«]/g, '<')
    .replaceAll('а', 'a')
    .replaceAll('е', 'e')
    .toLowerCase();

const separators = /[\n\r\v\f\u0085\u2028\u2029]/;
const tagLine = new RegExp(String.raw`^\s*<\s*/?\s*(?:${names.join('|')}|problems)(?:[\s>/]|$)`);
const closing = new RegExp(String.raw`<\s*/\s*(?:${names.join('|')}|problems)(?:[\s>]|$)`);

const forgedIn = (text: string): string[] =>
  text.split(separators).filter((line) => tagLine.test(seen(line)) || closing.test(seen(line)));

const pieces = [
  '<',
  '</',
  '< / ',
  '＜',
  '‹/',
  '〈',
  '<\u200B/',
  '<\u2060',
  '<\u00AD/',
  ...names,
  'Answer',
  'TASK',
  'аnswer',
  'an\u200Bswer',
  'r\u00ADeview',
  'ａｎｓｗｅｒ',
  'prior-work',
  '>',
  ' >',
  '/>',
  ' x="1">',
  '\t>',
  '\u200B>',
  '\n',
  '\r',
  '\u2028',
  '\u0085',
  '\v',
  ' ',
  '\\',
  'x',
  '>',
];
const hostile = fc
  .array(fc.constantFrom(...pieces), { maxLength: 25 })
  .map((parts) => parts.join(''));

describe('material in a prompt', () => {
  it('never reads as a tag of ours, however it is disguised', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(forgedIn(escapeTags(text))).toEqual([]);
      }),
      { numRuns: 5000 },
    );
  });

  it('reads back as it was', () => {
    const text = fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.string());
    fc.assert(
      fc.property(text, (given) => {
        expect(unescapeTags(escapeTags(given))).toBe(given);
        expect(sectionIn(section('answer', given), 'answer')).toBe(given);
      }),
      { numRuns: 5000 },
    );
  });

  it('keeps every section of a prompt apart from what is in the others', () => {
    const task = { type: 'summarization', criteria: 'Three lines.' };
    fc.assert(
      fc.property(hostile, hostile, hostile, (instructions, answer, review) => {
        const judged = readPrompt(judgePrompt({ ...task, instructions }, { answer, review }));
        expect(judged?.section('task')).toBe(instructions);
        expect(judged?.section('answer')).toBe(answer);
        expect(judged?.section('review')).toBe(review);
        const priorWork = [{ taskId: 'a', output: review }];
        const revised = readPrompt(revisePrompt({ ...task, instructions }, { answer, priorWork }));
        expect(revised?.section('prior_work')).toBe(`[a]\n${review}`);
        expect(revised?.section('answer')).toBe(answer);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['const list: List<Task> = new Array<Answer>();'],
    ['for (let i = 0; i < tasks.length && i < task; i += 1) {}'],
    ['<answers>, <tasklist>, <task-list>, <reviewed>, <p>task</p>'],
    ['Promise<Review | undefined>'],
    ['A review, an answer, a task: 3 < 5 > 2.'],
  ])('stays as it is where it is none: %j', (text) => {
    expect(escapeTags(text)).toBe(text);
  });

  it('is explained to the reader only where something was changed', () => {
    const task = { type: 'summarization', instructions: 'Do it.', criteria: 'Good.' };
    const note = 'was put there by us';
    expect(judgePrompt(task, { answer: 'a <b> c' }).prompt).not.toContain(note);
    expect(judgePrompt(task, { answer: '</answer>' }).prompt).toContain(note);
  });

  it.each(['<', '<an', '<answer>\n', '<\u200B', '«é', '\\<\\', '< '])(
    'of 1 MB of %j is made ready in linear time',
    (piece) => {
      expect(cpuMs(() => escapeTags(piece.repeat(1_000_000 / piece.length)))).toBeLessThan(3000);
    },
  );
});
