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
import type { TaskState } from '../../domain/task-state.ts';
import { readResultsRecord } from './record.ts';
import { isGain, standardOf } from '../constants.ts';
import { journalPath, runDirectory } from '../journal/paths.ts';
import { eachEvent } from '../journal/read.ts';

type Answer = RunEventOf<'call-finished'>;

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
  const answers = new Map<string, Answer[]>();
  let isComparison = false;
  const problems = new Map<string, readonly string[]>();
  eachEvent(journal, (event) => {
    applyRunEvent(state, event);
    if (event.type === 'run-started') isComparison = event.comparison === true;
    if (event.type === 'call-finished' && event.taskId !== undefined) {
      const known = answers.get(event.taskId);
      if (known === undefined) answers.set(event.taskId, [event]);
      else known.push(event);
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
  const own = runDirectory(directory, projectId);
  const record = readResultsRecord(own);
  const resultsFolder = record.directory ?? own;
  const tasks = [...state.tasks.values()].map((task): TaskReport => {
    const name = record.files.get(task.id);
    return {
      ...taskReport(task, { calls: answers.get(task.id) ?? [], problems, state }),
      file: name === undefined ? null : join(resultsFolder, name),
    };
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

function taskReport(
  task: TaskState,
  known: {
    calls: readonly Answer[];
    problems: ReadonlyMap<string, readonly string[]>;
    state: RunState;
  },
): Omit<TaskReport, 'file'> {
  const { id, type, status, costUsd, error, score } = task;
  const result = task.finishedAt === undefined ? undefined : resultOf(known.state, id);
  const usages = known.calls.flatMap(({ usage }) => usage ?? []);
  // Where no provider told, that is not known, and not 0.
  const tokens = (of: (usage: NonNullable<Answer['usage']>) => number): number | null =>
    usages.length === 0 ? null : usages.reduce((sum, usage) => sum + of(usage), 0);
  const attempts = task.attempts.map((attempt, index): AttemptReport => {
    const { iteration, model, latencyMs, failed } = attempt;
    const failedChecks = [...(known.problems.get(attemptKey(id, iteration)) ?? [])];
    return {
      attempt: iteration,
      model,
      score: attempt.score ?? null,
      costUsd: attempt.costUsd,
      latencyMs,
      failed,
      failedChecks,
      ...defined({ error: attempt.error }),
      ...remarksOn(known.calls, iteration),
      ...(index === task.attempts.length - 1
        ? {}
        : { followedBecause: whyFollowed(task, index, failedChecks) }),
    };
  });
  return {
    taskId: id,
    taskType: type,
    status,
    model: result?.model ?? task.author ?? null,
    reviewer: result?.reviewer ?? null,
    score: score ?? null,
    costUsd,
    inputTokens: tokens(({ inputTokens }) => inputTokens),
    outputTokens: tokens(({ outputTokens }) => outputTokens),
    ...defined({ error }),
    attempts,
  };
}

const resultOf = ({ results }: RunState, taskId: string) =>
  results.findLast((result) => result.taskId === taskId);

/** What models wrote in an attempt: its answer, and what others said of it. */
function remarksOn(
  calls: readonly Answer[],
  iteration: number,
): Pick<AttemptReport, 'answer' | 'critiques' | 'judgements'> {
  const made = calls.filter(({ attempt, answer }) => attempt === iteration && answer !== undefined);
  const textOf = ({ answer }: Answer): string => answer?.text ?? '';
  const answer = made.findLast(({ role }) => role === 'generator' || role === 'reviser');
  return {
    ...(answer === undefined ? {} : { answer: textOf(answer) }),
    critiques: made
      .filter(({ role }) => role === 'critic')
      .map((call) => ({ model: call.model, text: textOf(call) })),
    judgements: made
      .filter(({ role }) => role === 'judge')
      .map((call) => ({ model: call.model, score: call.score ?? null, text: textOf(call) })),
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
  const why = `Its score of ${score.toFixed(2)} is below the ${acceptAt.toFixed(2)} from which ${type} is accepted`;
  return before > 0 && isGain(before, score)
    ? `${why}, and had risen by ${(score - before).toFixed(2)}.`
    : `${why}.`;
}
