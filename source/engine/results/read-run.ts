import { join } from 'node:path';
import { defined } from '../../domain/defined.ts';
import { OrchestratorError } from '../../domain/errors.ts';
import type { RunEventOf } from '../../domain/run-event.ts';
import {
  digestOf,
  type AttemptReport,
  type RunReport,
  type TaskReport,
} from '../../domain/run-report.ts';
import { applyRunEvent, emptyRunState, isLive, type RunState } from '../../domain/run-state.ts';
import type { NamedTaskResult } from '../../domain/task-result.ts';
import type { TaskState } from '../../domain/task-state.ts';
import { readResultsRecord } from './record.ts';
import { isGain, scoreAndMark, standardOf } from '../../domain/task-standard.ts';
import { journalPath, runDirectory } from '../journal/paths.ts';
import { eachEventWithoutText } from '../journal/read.ts';
import type { TextPlace } from '../journal/texts.ts';

type Answer = RunEventOf<'call-finished'>;
/** A call that is over, and where what was answered lies if it is not in the event. */
type Call = { event: Answer; place: TextPlace | undefined };
type TextOf = (call: Call) => string;

/**
 * One run with its tasks, their attempts, and what was said of them, from its journal; and the fold of its
 * events.
 *
 * @throws OrchestratorError `no-journal` where there is none, `journal-unreadable`.
 */
export function readRun(options: {
  /** The folder of all runs. */
  directory: string;
  projectId: string;
  /** Unix seconds. */
  now: number;
}): { report: RunReport; state: RunState } {
  const { directory, projectId, now } = options;
  const journal = journalPath(directory, projectId);
  const state = emptyRunState(projectId);
  const calls = new Map<string, Call[]>();
  let isComparison = false;
  const problems = new Map<string, readonly string[]>();
  const textAt = eachEventWithoutText(journal, (event, place) => {
    applyRunEvent(state, event);
    if (event.type === 'run-started') isComparison = event.comparison === true;
    if (event.type === 'call-finished' && event.taskId !== undefined) {
      const known = calls.get(event.taskId);
      if (known === undefined) calls.set(event.taskId, [{ event, place }]);
      else known.push({ event, place });
    }
    if (event.type === 'attempt-finished' && event.problems !== undefined) {
      problems.set(attemptKey(event.taskId, event.iteration), event.problems);
    }
  });
  if (state.startedAt === 0) {
    throw new OrchestratorError(
      'no-journal',
      `The journal ${journal} holds no run: look whether it is the file you mean.`,
    );
  }
  const textOf: TextOf = ({ event, place }) =>
    place === undefined ? (event.answer?.text ?? '') : textAt(place);
  const own = runDirectory(directory, projectId);
  const record = readResultsRecord(own);
  const resultsFolder = record.directory ?? own;
  const results = new Map(state.results.map((result) => [result.taskId, result]));
  const tasks = [...state.tasks.values()].map((task): TaskReport => {
    const name = record.files.get(task.id);
    const known = { calls: calls.get(task.id) ?? [], problems, textOf };
    const file = name === undefined ? null : join(resultsFolder, name);
    return withAttempts({ ...taskReport(task, known.calls, results.get(task.id)), file }, () =>
      attemptReports(task, known),
    );
  });
  const { finished, project, criteria, simulated } = state;
  const report: RunReport = {
    overview: {
      projectId,
      ...digestOf(state),
      status: finished?.status ?? (isLive(state, now) ? 'running' : 'interrupted'),
    },
    project,
    criteria,
    simulated,
    ...defined({ message: finished?.message }),
    resumable: finished?.resumable ?? !isComparison,
    journal,
    resultsFolder,
    tasks,
  };
  return { report, state };
}

const attemptKey = (taskId: string, iteration: number): string => `${iteration} ${taskId}`;

/** With attempts whose texts are read from the journal when they are first asked for. */
function withAttempts(
  report: Omit<TaskReport, 'attempts'>,
  read: () => AttemptReport[],
): TaskReport {
  let attempts: AttemptReport[] | undefined;
  return {
    ...report,
    get attempts() {
      return (attempts ??= read());
    },
  };
}

function taskReport(
  { id, type, status, author, costUsd, error, score, finishedAt }: TaskState,
  calls: readonly Call[],
  last: NamedTaskResult | undefined,
): Omit<TaskReport, 'file' | 'attempts'> {
  const result = finishedAt === undefined ? undefined : last;
  const usages = calls.flatMap(({ event }) => event.usage ?? []);
  // Where no provider told, that is not known, and not 0.
  const tokens = (of: (usage: NonNullable<Answer['usage']>) => number): number | null =>
    usages.length === 0 ? null : usages.reduce((sum, usage) => sum + of(usage), 0);
  return {
    taskId: id,
    taskType: type,
    status,
    model: result?.model ?? author ?? null,
    reviewer: result?.reviewer ?? null,
    score: score ?? null,
    costUsd,
    inputTokens: tokens(({ inputTokens }) => inputTokens),
    outputTokens: tokens(({ outputTokens }) => outputTokens),
    ...defined({ error }),
  };
}

type Known = {
  calls: readonly Call[];
  problems: ReadonlyMap<string, readonly string[]>;
  textOf: TextOf;
};

function attemptReports(task: TaskState, { calls, problems, textOf }: Known): AttemptReport[] {
  return task.attempts.map((attempt, index) => {
    const { iteration, model, score = null, costUsd, latencyMs, failed, error } = attempt;
    const failedChecks = [...(problems.get(attemptKey(task.id, iteration)) ?? [])];
    const isLast = index === task.attempts.length - 1;
    const followedBecause = isLast ? undefined : whyFollowed(task, index, failedChecks);
    return {
      attempt: iteration,
      model,
      score,
      costUsd,
      latencyMs,
      failed,
      failedChecks,
      ...defined({ error }),
      ...remarksOn(calls, iteration, textOf),
      ...defined({ followedBecause }),
    };
  });
}

/** What models wrote in an attempt: its answer, and what others said of it. */
function remarksOn(
  calls: readonly Call[],
  iteration: number,
  textOf: TextOf,
): Pick<AttemptReport, 'answer' | 'critiques' | 'judgements'> {
  const made = calls.filter(
    ({ event: { attempt, answer } }) => attempt === iteration && answer !== undefined,
  );
  const by = (...roles: Answer['role'][]): Call[] =>
    made.filter(({ event }) => roles.includes(event.role));
  const answer = by('generator', 'reviser').at(-1);
  return {
    ...(answer === undefined ? {} : { answer: textOf(answer) }),
    critiques: by('critic').map((call) => ({ model: call.event.model, text: textOf(call) })),
    judgements: by('judge').map((call) => {
      const { model, score = null } = call.event;
      return { model, score, text: textOf(call) };
    }),
  };
}

/** Why an attempt was not the last: the rules of the loop, as they were applied to it. */
function whyFollowed(
  { attempts, type }: TaskState,
  index: number,
  failedChecks: readonly string[],
): string {
  const attempt = attempts[index];
  if (attempt === undefined || attempt.failed) {
    return `It failed (${attempt?.error ?? 'no reason given'}), so another model was asked.`;
  }
  if (!attempt.validatorsPassed) {
    const [first] = failedChecks;
    return `It did not pass its checks${first === undefined ? '' : `: ${first.replace(/\.$/, '')}`}.`;
  }
  const { acceptAt } = standardOf(type);
  if (attempt.score === undefined) return 'It has no score.';
  const { score } = attempt;
  if (score >= acceptAt) return 'It was good enough, but not complete.';
  const before = attempts
    .slice(0, index)
    .reduce((most, { score: one = 0 }) => Math.max(most, one), 0);
  const shown = scoreAndMark(score, acceptAt);
  const why = `Its score of ${shown.score} is below the ${shown.mark} from which ${type} is accepted`;
  return before > 0 && isGain(before, score)
    ? `${why}, and had risen by ${(score - before).toFixed(2)}.`
    : `${why}.`;
}
