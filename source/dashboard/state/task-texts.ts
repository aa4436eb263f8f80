import type { AttemptReport, TaskReport } from '../../domain/run-report.ts';
import {
  elsewhereText,
  formatMoney,
  formatPlural,
  formatScore,
  formatScoreToMark,
} from '../format/index.ts';
import { standardOf } from '../../domain/task-standard.ts';
import { cleanText, cutEnd } from '../text/width.ts';
import { folded } from '../text/fuzzy.ts';
import { wrapText } from '../text/wrap.ts';
import type { Role } from '../theme/palette.ts';
import { topView, type AppState, type View } from './state.ts';
import { selectedTaskReport } from './lists.ts';

/** A line of what was written, no wider than the screen. */
export type TextRow = { text: string; role?: Role; isHeading?: true };

/** Characters that are shown of one text; more of it is in its file. */
const mostCharacters = 200_000;

const known = new WeakMap<TaskReport, { width: number; rows: readonly TextRow[] }>();

/**
 * What models wrote for a task in the order in which they did, as lines of a width: each answer, what its
 * checks, its critics and its judges said of it, and why another one followed.
 */
export function textRows(report: TaskReport, width: number): readonly TextRow[] {
  const cached = known.get(report);
  if (cached?.width === width) return cached.rows;
  const rows = [
    ...(report.file === null ? [] : wrapped(`Result file: ${report.file}`, width, 'muted')),
    ...report.attempts.flatMap((attempt) => attemptRows(attempt, report, width)),
    ...(report.elsewhere === undefined ? [] : wrapped(elsewhereText(report.elsewhere), width)),
    ...(report.attempts.length === 0 && report.elsewhere === undefined
      ? wrapped('No model has written anything yet.', width)
      : []),
    ...(report.error === undefined ? [] : [blank, ...wrapped(report.error, width, 'bad')]),
  ];
  known.set(report, { width, rows });
  return rows;
}

const blank: TextRow = { text: '' };

function attemptRows(
  attempt: AttemptReport,
  { taskType, elsewhere }: TaskReport,
  width: number,
): TextRow[] {
  const isHere = elsewhere === undefined;
  const { model, score, costUsd, failed, error, failedChecks, answer } = attempt;
  const facts = [
    `Attempt ${attempt.attempt}`,
    model,
    failed
      ? 'failed'
      : score === null
        ? 'no score'
        : `score ${formatScoreToMark(score, standardOf(taskType).acceptAt)}`,
    formatMoney(costUsd),
  ];
  return [
    blank,
    heading(facts.join('  '), width),
    ...(error === undefined ? [] : wrapped(error, width, 'bad')),
    ...(answer === undefined ? (isHere ? notKept(attempt, width) : []) : bodyRows(answer, width)),
    ...(failedChecks.length === 0 ? [] : [blank, heading('Failed checks', width, 'bad')]),
    ...failedChecks.flatMap((check) => wrapped(check, width, 'bad')),
    ...attempt.critiques.flatMap((remark) => [
      blank,
      heading(`Critique by ${remark.model}`, width),
      ...bodyRows(remark.text, width),
    ]),
    ...attempt.judgements.flatMap((remark) => [
      blank,
      heading(
        `Judgement by ${remark.model}${remark.score === null ? '' : `: ${formatScore(remark.score)}`}`,
        width,
      ),
      ...bodyRows(remark.text, width),
    ]),
    ...(attempt.followedBecause === undefined
      ? []
      : [blank, ...wrapped(`Again: ${attempt.followedBecause}`, width, 'warn')]),
  ];
}

/** An attempt that was scored wrote something; without it, it was not kept. */
const notKept = ({ score, failed }: AttemptReport, width: number): TextRow[] =>
  score === null || failed ? [] : wrapped('What it wrote is not kept here.', width, 'muted');

const heading = (text: string, width: number, role: Role = 'title'): TextRow => ({
  text: cutEnd(cleanText(text), width, '…'),
  role,
  isHeading: true,
});

function bodyRows(text: string, width: number): TextRow[] {
  const shown = text.slice(0, mostCharacters);
  const rest = text.length - shown.length;
  return [
    ...shown.split('\n').flatMap((line) => lineRows(line, width)),
    ...(rest === 0
      ? []
      : wrapped(`… ${formatPlural(rest, 'more character')}: o opens the file.`, width, 'warn')),
  ];
}

/** A line as it was written, its indentation too. */
function lineRows(line: string, width: number): TextRow[] {
  const indent =
    /^[ \t]*/
      .exec(line)?.[0]
      .replaceAll('\t', '  ')
      .slice(0, width >> 1) ?? '';
  const rows = wrapText(cleanText(line), width - indent.length);
  return rows.length === 0 ? [blank] : rows.map((text) => ({ text: indent + text }));
}

const wrapped = (text: string, width: number, role?: Role): TextRow[] =>
  wrapText(cleanText(text), width).map((line) => ({ text: line, ...(role && { role }) }));

export type TextsView = Extract<View, { kind: 'texts' }>;

/** The texts that are open, the rows that they come to, and how many are on the screen. */
export function openTexts(
  state: AppState,
): { view: TextsView; rows: readonly TextRow[]; height: number } | undefined {
  const view = topView(state);
  const report = selectedTaskReport(state);
  if (view?.kind !== 'texts') return undefined;
  const { columns, rows } = state.size;
  return {
    view,
    rows: report === undefined ? [] : textRows(report, Math.max(1, columns - 4)),
    height: Math.max(1, rows - 5),
  };
}

/** Whether a row has what is searched for. */
export const isMatch = ({ text }: TextRow, search: string): boolean =>
  search !== '' && folded(text).includes(folded(search));
