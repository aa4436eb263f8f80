import { scoreAndMark, standardOf } from '../../domain/task-standard.ts';
import type { TaskType } from '../../domain/task-type.ts';
import { grouped } from '../../domain/grouped.ts';

/** Screens show a value divided by this: quality per dollar per thousand calls. */
const valueScale = 1000;

/** Stands where there is no number. */
export const nothing = '—';

/** Of a usable answer without a score, and of models that have no others. */
export const notJudged = 'not judged';

/** A quality or score in [0, 1] with three decimals, as in the rankings. */
export function formatQuality(quality: number | null | undefined): string {
  return quality === null || quality === undefined ? nothing : quality.toFixed(3);
}

/** A score in [0, 1] with two decimals, where room is short. */
export function formatScore(score: number | null | undefined): string {
  return score === null || score === undefined ? nothing : score.toFixed(2);
}

/** The score of a task's result, with the digits that tell it from the mark of its type: `0.896` where 0.9 is needed. */
export function formatTaskScore(score: number | null | undefined, taskType: TaskType): string {
  return score === null || score === undefined
    ? nothing
    : scoreAndMark(score, standardOf(taskType).acceptAt).score;
}

/** A score within a sentence: `score 0.91`, or that there is none. */
export function formatScoreWords(score: number | null | undefined): string {
  return score === null || score === undefined ? notJudged : `score ${formatScore(score)}`;
}

/** The same as words: `0.896, below the 0.900 it needs`, `0.93, of the 0.90 it needs`. */
export function formatScoreToMark(score: number, mark: number): string {
  const shown = scoreAndMark(score, mark);
  return `${shown.score}, ${score < mark ? 'below' : 'of'} the ${shown.mark} it needs`;
}

/** A quality within a sentence: `quality 0.912`, or that there is none. */
export function formatQualityWords(quality: number | null | undefined): string {
  return quality === null || quality === undefined
    ? notJudged
    : `quality ${formatQuality(quality)}`;
}

/** In place of a number, or of its bounds, that rests on too little to be said. */
export const tooFew = 'too few';

/** The bounds of a quality: `0.871–0.903`. */
export function formatInterval(bounds: { low: number; high: number } | undefined): string {
  return bounds === undefined ? '' : `${bounds.low.toFixed(3)}–${bounds.high.toFixed(3)}`;
}

/** A difference of qualities with its sign; a minus sign as wide as the plus. */
export function formatDifference(difference: number, decimals = 2): string {
  const text = Math.abs(difference).toFixed(decimals);
  if (Number(text) === 0) return `±${text}`;
  return (difference < 0 ? '−' : '+') + text;
}

/** A value score (quality / (dollars + 0.0001)) in the screens' unit, two decimals. */
export function formatValue(valueScore: number | null | undefined): string {
  if (valueScore === null || valueScore === undefined) return nothing;
  return (valueScore / valueScale).toFixed(2);
}

/** A whole number with separators; from a million on, millions. */
export function formatCount(count: number): string {
  if (count < 1_000_000) return grouped(count, 0);
  return `${(count / 1_000_000).toFixed(count < 10_000_000 ? 2 : 1)}M`;
}

/** A share in [0, 1] as percent: one decimal, none when it says nothing. */
export function formatShare(share: number | null | undefined): string {
  if (share === null || share === undefined) return nothing;
  const percent = (share * 100).toFixed(1);
  return `${percent.endsWith('.0') ? percent.slice(0, -2) : percent}%`;
}

/** `1 run`, `2 runs`. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
