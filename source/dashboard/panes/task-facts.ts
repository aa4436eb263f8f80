import { callRoles } from '../../domain/model-call.ts';
import { totalOf } from '../../domain/role-usage.ts';
import type { AttemptState, RunState, TaskState } from '../../domain/run-state.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  elsewhereText,
  formatElapsed,
  formatLatency,
  formatMoneyIn,
  formatPlural,
  formatScore,
  formatScoreToMark,
  formatScoreWords,
  formatTaskScore,
  formatVerdict,
  moneyDecimals,
  roleWord,
  tokenWords,
} from '../format/index.ts';
import type { DecisiveOutcome } from '../../domain/outcome.ts';
import { standardOf } from '../../domain/task-standard.ts';
import { isDone, type Standings } from '../../domain/task-standing.ts';
import { askedWith } from '../state/asking.ts';
import type { AppState } from '../state/state.ts';
import { pad, widthOf, wrapText } from '../text/index.ts';
import { markOf } from '../tables/task-marks.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { gap, styled, widthOfLine, type Line, type TextSpan } from '../theme/text-span.ts';
import { plain } from '../theme/signs.ts';
import { standingWords, timeOf, workWords } from '../tables/task-words.ts';

/** What the facts of a task are made from. */
export type TaskFactsInput = {
  run: RunState;
  task: TaskState;
  standings: Standings;
  now: number;
  style: RenderStyle;
  width: number;
  /** What was found of its result. */
  found?: DecisiveOutcome;
  /** Without tokens, where there is little room. */
  isBrief?: boolean;
};

const nameColumns = 10;

/** The columns of a task's facts: a name, then what it says, wrapped. */
type Fact = (name: string, text: string, role?: 'muted' | 'warn' | 'bad') => Line[];

/** Everything that the events of a run tell of one task: what is asked first. */
export function taskFactLines(input: TaskFactsInput): Line[] {
  const { run, task, style, width } = input;
  const fact: Fact = (name, text, role) =>
    wrapText(style.clean(plain(text, style)), width - nameColumns).map((line, index): Line => [
      styled(pad(index === 0 ? name : '', nameColumns), 'muted'),
      styled(line, role),
    ]);
  return [
    ...stateLines(input),
    ...verdictLines(input, fact),
    ...(task.error === undefined ? [] : fact('reason', task.error, 'warn')),
    ...attemptLines(input),
    ...(input.isBrief === true ? [] : paidLines(task, fact)),
    ...dependencyLines(input, fact),
    ...(task.decision === undefined ? [] : fact('routed', task.decision.reason)),
    ...checkLines(input, fact),
    ...(run.elsewhere === undefined ? [] : fact('written', elsewhereText(run.elsewhere))),
    ...noticeLines(run, task, fact),
    ...fact('asked', promptOf(run, task), 'muted'),
    ...alternativeLines(task, fact),
  ];
}

/** What was found of its result, which counts in place of what judges said. */
function verdictLines({ task: { score, type }, found }: TaskFactsInput, fact: Fact): Line[] {
  if (found === undefined) return [];
  const { value } = found;
  const instead =
    score === undefined ? '' : ` in place of the judges’ ${formatTaskScore(score, type)}`;
  const words = `${formatVerdict(found)}; it counts with ${formatScore(value)}${instead}`;
  return fact('verdict', words, value < 0.5 ? 'bad' : undefined);
}

/** Whether its result is good, where the user is asked. */
export function askLines(state: AppState, width: number, style: RenderStyle): Line[] {
  if (askedWith(state) === undefined || state.verdict?.isRecorded === true) return [];
  const question =
    'Was this result good? It was picked at random: g says good, b bad. Such answers show how far judges are off.';
  return wrapText(style.clean(plain(question, style)), width).map((line): Line => [
    styled(line, 'accent'),
  ]);
}

function stateLines({ run, task, standings, now, style, width }: TaskFactsInput): Line[] {
  const { sign, role } = markOf(standings.of(task), style.ascii);
  const words = standingWords(task, run, standings, style);
  const time = timeOf(task, standings.of(task), now);
  const isOver = isDone(task);
  const parts = [
    task.iteration < 2 || isOver ? '' : `attempt ${task.iteration}`,
    scoreWords(task, isOver),
    task.iteration === 0 || !isOver ? '' : formatPlural(task.iteration, 'attempt'),
    task.costUsd === 0 ? '' : moneyOf(task)(task.costUsd),
    time,
  ].filter((part) => part !== '');
  return flow(
    [
      styled(pad(style.clean(taskTypeLabel(task.type)), nameColumns - 1), 'muted'),
      gap(1),
      styled(style.clean(plain(`${sign} ${words}`, style)), role, true),
    ],
    parts.map((part) => styled(part)),
    { width, indent: nameColumns, between: 3 },
  );
}

function attemptLines({ task, standings, now, style, width, isBrief }: TaskFactsInput): Line[] {
  const { attempts } = task;
  const standing = standings.of(task);
  const isOpen = standing === 'running' || standing === 'interrupted';
  const isAtWork = isOpen && task.iteration > attempts.length;
  const models = [...attempts.map(({ model }) => model), ...(isAtWork ? [task.author ?? ''] : [])];
  const modelWidth = Math.min(
    24,
    Math.max(0, ...models.map((model) => widthOf(style.clean(model)))),
  );
  const start = (index: number, number: number, model: string): Line => [
    styled(pad(index === 0 ? 'attempts' : '', nameColumns), 'muted'),
    styled(`${number}  `, 'title', true),
    styled(pad(wrapText(style.clean(model), modelWidth)[0] ?? '', modelWidth)),
  ];
  const lines = attempts.flatMap((attempt, index): Line[] => [
    ...flow(start(index, attempt.iteration, attempt.model), outcomeSpans(task, attempt, style), {
      width,
      indent: nameColumns + 3,
      between: 2,
    }),
    ...(isBrief === true ? [] : tokenLines(task, attempt, width, style)),
    ...(index < attempts.length - 1 || isAtWork
      ? againLines(attempt, task.type, width, style)
      : []),
  ]);
  if (!isAtWork) return lines;
  const isInterrupted = standing === 'interrupted';
  const since =
    task.phaseAt === undefined || isInterrupted ? '' : `  ${formatElapsed(now - task.phaseAt)}`;
  const words = workWords(task);
  const work: Line = [
    ...start(attempts.length, task.iteration, task.author ?? ''),
    isInterrupted
      ? styled(`  interrupted: ${style.clean(words)}`, 'warn')
      : styled(`  ${style.clean(words)}`, 'accent'),
    styled(since, 'muted'),
  ];
  return [...lines, work];
}

/** Pieces after the start of a line, each whole: what has no room goes on below, indented. */
function flow(
  first: Line,
  pieces: Line,
  { width, indent, between }: { width: number; indent: number; between: number },
): Line[] {
  const lines: TextSpan[][] = [[...first]];
  let used = widthOfLine(first);
  for (const piece of pieces) {
    const columns = widthOf(piece.text);
    const isFull = used + between + columns > width && used > indent;
    if (isFull) lines.push([gap(indent), piece]);
    else lines.at(-1)?.push(gap(between), piece);
    used = isFull ? indent + columns : used + between + columns;
  }
  return lines;
}

/** All amounts of a task have the same decimals, as those of a column have. */
function moneyOf({ costUsd, attempts, usage }: TaskState): (dollars: number) => string {
  const parts = [...attempts, ...usage].map((part) => part.costUsd);
  const decimals = moneyDecimals([costUsd, ...parts]);
  return (dollars) => formatMoneyIn(dollars, decimals);
}

/** The tokens of an attempt's own calls, where anything is known of its calls. */
function tokenLines(
  { usage }: TaskState,
  { iteration }: AttemptState,
  width: number,
  style: RenderStyle,
): Line[] {
  const own = usage.filter(
    ({ attempt, role }) => attempt === iteration && (role === 'generator' || role === 'reviser'),
  );
  if (own.length === 0) return [];
  const indent = nameColumns + 3;
  return wrapText(plain(tokenWords(totalOf(own)), style), width - indent).map((line): Line => [
    gap(indent),
    styled(line, 'muted'),
  ]);
}

/** What was paid for the task by role, with the tokens of each. */
function paidLines(task: TaskState, fact: Fact): Line[] {
  const parts = callRoles.flatMap((role) => {
    const ofRole = task.usage.filter((one) => one.role === role);
    if (ofRole.length === 0) return [];
    const total = totalOf(ofRole);
    return [`${roleWord(role)} ${moneyOf(task)(total.costUsd)} (${tokenWords(total, 'short')})`];
  });
  return parts.length === 0 ? [] : fact('paid', parts.join(', '));
}

/** A score beside the mark that it is held to: of a result that fell short for other reasons these are told apart. */
function scoreWords({ type, score, status }: TaskState, isOver: boolean): string {
  if (score === undefined) return isOver ? formatScoreWords(score) : '';
  if (!isOver) return `best ${formatTaskScore(score, type)}`;
  if (status === 'failed') return formatScoreWords(score);
  return `score ${formatScoreToMark(score, standardOf(type).acceptAt)}`;
}

function outcomeSpans(task: TaskState, attempt: AttemptState, style: RenderStyle): Line {
  const { score, failed, validatorsPassed, reviewer, costUsd, latencyMs } = attempt;
  const words = score === undefined ? 'no score' : formatTaskScore(score, task.type);
  return [
    failed ? styled('failed', 'bad', true) : styled(words, undefined, true),
    ...(failed || validatorsPassed ? [] : [styled('checks failed', 'bad')]),
    ...(attempt.policyViolation ? [styled('over the policy’s limits', 'warn')] : []),
    styled(moneyOf(task)(costUsd)),
    styled(formatLatency(latencyMs), 'muted'),
    ...(reviewer === undefined ? [] : [styled(`critic ${style.clean(reviewer)}`, 'muted')]),
  ].map((piece) => ({ ...piece, text: plain(piece.text, style) }));
}

/** Why an attempt was not the last. */
function againLines(
  attempt: AttemptState,
  type: string,
  width: number,
  style: RenderStyle,
): Line[] {
  return wrapText(
    style.clean(plain(`again: ${whyAgain(attempt, type)}`, style)),
    width - nameColumns - 3,
  ).map((line): Line => [gap(nameColumns + 3), styled(line, 'warn')]);
}

function whyAgain({ failed, error, validatorsPassed, score }: AttemptState, type: string): string {
  if (failed) return error ?? 'it failed';
  if (!validatorsPassed) return 'it did not pass its checks';
  if (score === undefined) return 'it has no score';
  const { acceptAt } = standardOf(type);
  return score < acceptAt
    ? `its score is ${formatScoreToMark(score, acceptAt)}`
    : 'it was good enough, but not complete';
}

function dependencyLines({ run, task, style }: TaskFactsInput, fact: Fact): Line[] {
  if (task.dependsOn.length === 0) return [];
  const needs = task.dependsOn.map((id) => {
    const needed = run.tasks.get(id);
    if (needed === undefined) return id;
    const { word } = markOf(needed.status, style.ascii);
    return `${id} ${word}${needed.score === undefined ? '' : ` ${formatTaskScore(needed.score, needed.type)}`}`;
  });
  return fact('needs', needs.join(', '));
}

/** What routing says of the next best. */
function alternativeLines({ decision }: TaskState, fact: Fact): Line[] {
  return (decision?.candidates ?? [])
    .filter(({ model, rank }) => rank !== undefined && model !== decision?.chosen)
    .slice(0, 3)
    .flatMap(({ model, reason }, index) =>
      fact(index === 0 ? 'others' : '', `${model}: ${reason}`, 'muted'),
    );
}

function checkLines({ run, task }: TaskFactsInput, fact: Fact): Line[] {
  const validators = run.plan.find(({ id }) => id === task.id)?.validators ?? [];
  if (validators.length === 0) return [];
  return fact('checks', validators.map(nameOfValidator).join(', '));
}

/** A validator is its name alone, or an object with its kind or from its name to its settings. */
function nameOfValidator(validator: unknown): string {
  if (typeof validator === 'string') return validator;
  if (typeof validator !== 'object' || validator === null) return 'unknown';
  if ('kind' in validator && typeof validator.kind === 'string') return validator.kind;
  return Object.keys(validator)[0] ?? 'unknown';
}

const noticeLines = ({ notices }: RunState, { id }: TaskState, fact: Fact): Line[] =>
  notices
    .filter(({ taskId }) => taskId === id)
    .toReversed()
    .flatMap(({ message }, index) => fact(index === 0 ? 'notices' : '', message, 'warn'));

const promptOf = ({ plan }: RunState, task: TaskState): string =>
  plan.find(({ id }) => id === task.id)?.prompt ?? '';
