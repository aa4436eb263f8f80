import { isRecord } from '../../domain/is-record.ts';
import { endOfString } from './json-scan.ts';
import { jsonValuesIn, type JsonInText } from './json-values.ts';
import { createQuotations } from './quotations.ts';

/** What a judge's answer comes to: a score in [0, 1], or why it has none. */
export type Judgement = { score: number } | { problem: JudgementProblem };

export type JudgementProblem =
  /** No JSON object of its own with a `score`. */
  | 'none'
  /** One whose `score` is no number in [0, 1], or that is not quite JSON. */
  | 'malformed'
  /** Several with different scores. */
  | 'contradictory'
  /** It was cut off before it came to its end. */
  | 'cut-off';

/**
 * The score in a judge's answer: a JSON object with a number `score` in [0, 1]. Fences, prose around it
 * and further fields are tolerated. What the judge quotes of `material` (the answer under judgement and
 * whatever else it was shown) is not its judgement, and where it gives two that differ there is none:
 * a wrong score is worse than no score. Linear.
 */
export function judgementIn(
  text: string,
  { material = '', cut = false }: { material?: string; cut?: boolean } = {},
): Judgement {
  const values = jsonValuesIn(text);
  // It broke off before its last word, unless nothing but a fence was to follow.
  if (cut && !/^[\s`~]{0,20}$/.test(text.slice(values.at(-1)?.end ?? 0, text.length).slice(0, 40)))
    return { problem: 'cut-off' };
  const scored = values.filter(({ source, enclosed }) => !enclosed && mentionsScore(source));
  if (scored.length > mostCandidates) return { problem: 'contradictory' };
  const quotations = createQuotations(text, material);
  const own = scored
    .filter((candidate) => !quotations.has(candidate, isOnlyOne(text, candidate)))
    .map((candidate) => ({ candidate, score: scoreOf(candidate) }));
  const given = withoutTemplates(own);
  const scores = new Set(given.map(({ score }) => score));
  for (const loose of looseScores(text, values)) {
    if (!quotations.hasText(loose.source)) scores.add(loose.score);
  }
  const [first, ...others] = scores;
  if (given.length === 0 || (others.length === 0 && first === undefined)) {
    return { problem: scores.size === 0 ? 'none' : 'malformed' };
  }
  if (first === undefined || others.length > 0) {
    return { problem: scores.has(undefined) ? 'malformed' : 'contradictory' };
  }
  return { score: first };
}

/** More than this many are no judgement; it bounds what is compared with the material. */
const mostCandidates = 40;

/** `"score"`, each letter as itself or as JSON's escape for it. */
const scoreKey = String.raw`"(?:s|\\u0073)(?:c|\\u0063)(?:o|\\u006[fF])(?:r|\\u0072)(?:e|\\u0065)"`;
const anyScoreField = new RegExp(String.raw`${scoreKey}\s*:`);
const scoreFieldHere = new RegExp(String.raw`^${scoreKey}\s{0,100}:`);

const mentionsScore = (source: string): boolean => anyScoreField.test(source);

/** Undefined where it has a score that is not of the right form. */
function scoreOf({ value, source }: JsonInText): number | undefined {
  const score = isRecord(value) ? value['score'] : undefined;
  if (typeof score !== 'number' || !(score >= 0 && score <= 1)) return undefined;
  if (namesScoreTwice(source)) return undefined;
  // Not −0, which would be shown as such.
  return score + 0;
}

/** JSON lets a field stand twice, and the last count; a judge that does so has not decided. */
function namesScoreTwice(source: string): boolean {
  const token = /["{}[\]]/g;
  let depth = 0;
  let count = 0;
  for (let match = token.exec(source); match !== null; match = token.exec(source)) {
    const [mark] = match;
    if (mark === '{' || mark === '[') depth += 1;
    else if (mark === '}' || mark === ']') depth -= 1;
    else {
      token.lastIndex = endOfString(source, match.index);
      if (depth === 1 && isScoreField(source, match.index)) count += 1;
    }
  }
  return count > 1;
}

const isScoreField = (source: string, start: number): boolean =>
  scoreFieldHere.test(source.slice(start, start + 150));

/** The judge's answer is this object and nothing else, but for a fence around it. */
function isOnlyOne(text: string, { start, end }: JsonInText): boolean {
  const before = text.slice(Math.max(0, start - 40), start);
  const after = text.slice(end, end + 40);
  return (
    start < 40 &&
    text.length - end < 40 &&
    /^\W*(?:json)?\s*$/i.test(before) &&
    /^\s*(?:`{3,}|~{3,})?\s*$/.test(after)
  );
}

type Own = { candidate: JsonInText; score: number | undefined };

/** Without those that only show the form of an answer, where there is one besides. */
function withoutTemplates(own: readonly Own[]): readonly Own[] {
  const filled = own.filter(({ candidate }) => !isTemplate(candidate.value));
  return filled.length === 0 ? own : filled;
}

function isTemplate(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const texts = Object.values(value).filter((field) => typeof field === 'string');
  return (
    texts.length > 0 &&
    texts.every((text) =>
      /^(?:[.…\s_-]*|<[^>]*>|\[[^\]]*\]|two sentences at most|a number.*)$/i.test(text),
    )
  );
}

/**
 * Scores that stand outside of any JSON, as in an object that is not quite JSON or in a last line of
 * prose: no judgement by themselves, but what they contradict is none either.
 */
function looseScores(
  text: string,
  values: readonly JsonInText[],
): { score: number; source: string }[] {
  const found: { score: number; source: string }[] = [];
  let from = 0;
  const last = values.at(-1)?.end ?? 0;
  const outside = [
    ...values.map(({ start, end }) => ({ start, end })),
    { start: text.length, end: 0 },
  ];
  for (const { start, end } of outside) {
    const between = text.slice(from, start);
    for (const match of between.matchAll(looseField)) {
      if (found.length > mostCandidates) return found;
      found.push({ score: Number(match[1]), source: match[0] });
    }
    if (from >= last) {
      for (const match of between.matchAll(lineOfProse)) {
        if (found.length > mostCandidates) return found;
        found.push({ score: Number(match[1]), source: match[0] });
      }
    }
    from = end;
  }
  return found;
}

const number = String.raw`(-?\d{1,12}(?:\.\d{1,20})?)`;
const looseField = new RegExp(
  String.raw`(?:["'“”‘’]score["'“”‘’]|[{,]\s{0,20}score)\s{0,20}[:=]\s{0,20}["'“”‘’]?${number}`,
  'gi',
);
const lineOfProse = new RegExp(
  String.raw`^[^\w\n]{0,10}(?:(?:my|the|final|overall)[ \t]{1,4}){0,3}(?:score|grade|rating|verdict)\W{0,10}(?:is\W{1,4}|of\W{1,4})?${number}`,
  'gim',
);
