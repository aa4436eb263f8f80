import { createFences } from './fences.ts';
import { harmonyAnswer } from './harmony.ts';
import { scanJson } from './json-scan.ts';
import { reasoningTagsIn, type ReasoningTag, type WithoutReasoning } from './reasoning-tags.ts';

/** What a model answered, apart from how it got there. */
export type AnswerText = WithoutReasoning & {
  /** It ends within a fenced block or a JSON value that it began with. */
  openEnded: boolean;
};

/**
 * An answer without the reasoning that some models and servers leave in it, in any of the usual marks,
 * with and without the one that opens it. What an answer says about such marks (in code, in quotes, or
 * since `request` is about them) stays as it is. Linear.
 */
export function answerText(text: string, request = ''): AnswerText {
  const answer = withoutReasoning(text, request);
  return { ...answer, openEnded: isOpenEnded(answer.text) };
}

function withoutReasoning(text: string, request: string): WithoutReasoning {
  const whole = { text, reasoned: false, unfinished: false };
  if (!mayHoldReasoning.test(text)) return whole;
  const harmony = harmonyAnswer(text, { ownMarks: request.includes('<|channel|>') });
  if (harmony !== undefined) return harmony;
  if (isJsonAlone(text)) return whole;
  const { cuts, unfinished, native } = reasoningIn(text, request);
  if (cuts.length === 0) return { ...whole, ...withoutThoughtProcess(text) };
  const answer = unwrapped(withoutCuts(text, cuts));
  // A whole answer in a tag that has other uses: it is that, and not reasoning.
  if (answer === '' && !unfinished && !native) return whole;
  return { text: answer, reasoned: true, unfinished };
}

/** Cheap, so that nearly all answers are passed on as they are. */
const mayHoldReasoning =
  /think|thought|reason|reflection|scratchpad|analysis|monologue|<unused|<\|channel|<\|message/i;

function isOpenEnded(text: string): boolean {
  const start = skipSpace(text, 0);
  if (text[start] !== '{' && text[start] !== '[') return createFences(text).openAtEnd();
  const scan = scanJson(text, start);
  return !scan.ok && scan.failedAt >= text.length;
}

type Cut = { start: number; end: number };

function reasoningIn(
  text: string,
  request: string,
): { cuts: Cut[]; unfinished: boolean; native: boolean } {
  const fences = createFences(text);
  const ownTags = mentionsOf(request);
  const cuts: Cut[] = [];
  /** The block that is open. */
  let open: (ReasoningTag & { leading: boolean }) | undefined;
  /** Where what may be the answer begins, and whether it is after reasoning alone. */
  let answerStart = skipSpace(text, 0);
  /** Tags that open something were seen in the answer, so many without an end: it may be about them. */
  let mentioned = false;
  let pending = 0;
  let onlyReasoning = true;
  let native = false;

  const tags = [...reasoningTagsIn(text)];
  const lastClose = new Map<string, number>();
  for (const { kind, family, start } of tags) if (kind === 'close') lastClose.set(family, start);

  for (const tag of tags) {
    if (tag.start < answerStart) continue;
    const { quoted, inQuotes } = quotesAround(text, tag);
    if (open !== undefined) {
      if (tag.kind !== 'close' || tag.family !== open.family || inQuotes) continue;
      cuts.push({ start: open.start, end: tag.end });
      native ||= open.native;
      fences.restartAt(tag.end);
      onlyReasoning &&= open.leading;
      if (onlyReasoning) answerStart = skipSpace(text, tag.end);
      open = undefined;
      continue;
    }
    const own = ownTags.has(tag.family);
    const leading = onlyReasoning && tag.start === answerStart;
    if (tag.kind === 'open') {
      if (leading && (tag.native || !own)) open = { ...tag, leading };
      else if (quoted || fences.inside(tag.start) || own || !tag.native) mentioned = true;
      else if (beginsLine(text, tag.start)) open = { ...tag, leading };
      // A model that thought before may go on to: its tag sticks to its words, as one spoken of does not.
      else if (native && !standsApart(text, tag) && tag.start < (lastClose.get(tag.family) ?? 0))
        open = { ...tag, leading };
      else mentioned = true;
      if (own && open === undefined && !quoted && !fences.inside(tag.start)) pending += 1;
      continue;
    }
    const strict = mentioned || own || !tag.native;
    if (quoted || (fences.inside(tag.start) && (strict || !isAloneBeforeGap(text, tag)))) continue;
    if (pending > 0) {
      pending -= 1;
      continue;
    }
    if (!endsReasoning(text, tag, { strict, own })) continue;
    native ||= tag.native;
    cuts.length = 0;
    cuts.push({ start: 0, end: tag.end });
    fences.restartAt(tag.end);
    answerStart = skipSpace(text, tag.end);
    mentioned = false;
    onlyReasoning = true;
  }
  if (open !== undefined) cuts.push({ start: open.start, end: text.length });
  return { cuts, unfinished: open !== undefined, native };
}

/** Whether a closing tag that nothing opened ends reasoning, rather than being spoken of. */
function endsReasoning(
  text: string,
  tag: ReasoningTag,
  { strict, own }: { strict: boolean; own: boolean },
): boolean {
  if (own && !tag.native) return false;
  const after = text[tag.end];
  const lineStart = beginsLine(text, tag.start);
  const lineEnd = after === undefined || /[\r\n]/.test(after);
  if (strict) return lineStart && lineEnd;
  return lineStart || lineEnd || !standsApart(text, tag);
}

/** With blanks on both sides, as a word of a sentence. */
function standsApart(text: string, { start, end }: Cut): boolean {
  return /^\s$/.test(text[start - 1] ?? '') && /^\s$/.test(text[end] ?? '');
}

/** The families of tags that the request itself is about. */
function mentionsOf(request: string): ReadonlySet<string> {
  const families = new Set<string>();
  for (const { family } of reasoningTagsIn(request)) families.add(family);
  return families;
}

const quotes = new Set(['"', "'", '`', '“', '”', '‘', '’', '«', '»', '*', '(', ')', '\\']);

/** Whether a quote stands on one side of a tag, or on both. */
function quotesAround(text: string, { start, end }: Cut): { quoted: boolean; inQuotes: boolean } {
  const [before, after] = [
    quotes.has(text[start - 1] ?? ''),
    quotes.has(text[end] ?? '') && !text.startsWith('```', end),
  ];
  return { quoted: before || after, inQuotes: before && after };
}

/** As chat templates end reasoning, which may have left a fence open; an example is not followed by a gap. */
function isAloneBeforeGap(text: string, { start, end }: Cut): boolean {
  return beginsLine(text, start) && /^(?:\r?\n){2}/.test(text.slice(end, end + 4));
}

/** Nothing but spaces stands before it on its line. */
function beginsLine(text: string, start: number): boolean {
  for (let at = start - 1; at >= 0 && start - at < 40; at -= 1) {
    const character = text[at] ?? '';
    if (character === '\n' || character === '\r') return true;
    if (character !== ' ' && character !== '\t' && character !== '>') return false;
  }
  return start < 40;
}

function skipSpace(text: string, start: number): number {
  const visible = /[^\s\u200B\uFEFF]/g;
  visible.lastIndex = start;
  return visible.exec(text)?.index ?? text.length;
}

function isJsonAlone(text: string): boolean {
  const start = skipSpace(text, 0);
  if (text[start] !== '{' && text[start] !== '[') return false;
  const scan = scanJson(text, start);
  return scan.ok && skipSpace(text, scan.end) === text.length;
}

function withoutCuts(text: string, cuts: readonly Cut[]): string {
  const kept: string[] = [];
  let from = 0;
  for (const { start, end } of cuts) {
    kept.push(text.slice(from, start));
    from = end;
  }
  kept.push(text.slice(from));
  return kept.join('').trim();
}

const wrappers: readonly (readonly [string, string])[] = [
  ['<answer>', '</answer>'],
  ['<output>', '</output>'],
  ['<response>', '</response>'],
  ['<final_answer>', '</final_answer>'],
  ['<|begin_of_solution|>', '<|end_of_solution|>'],
  ['<|START_RESPONSE|>', '<|END_RESPONSE|>'],
  ['<|begin_of_box|>', '<|end_of_box|>'],
];

/** What models of that training put around the answer that follows their reasoning. */
function unwrapped(text: string): string {
  const found = wrappers.find(([open]) => text.startsWith(open));
  if (found === undefined) return text;
  const [open, close] = found;
  const end = text.endsWith(close) ? text.length - close.length : text.length;
  return text.slice(open.length, end).trim();
}

/** The headings that Granite puts in place of tags. */
function withoutThoughtProcess(text: string): Partial<WithoutReasoning> {
  if (!/^\s*Here(?: is|'s) my thought process:/i.test(text.slice(0, 200))) return {};
  const response = /\n\s{0,8}Here(?: is|'s) my response:/i.exec(text);
  return response === null
    ? {}
    : { text: text.slice(response.index + response[0].length).trim(), reasoned: true };
}
