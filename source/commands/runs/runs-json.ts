import type { RecordedOutcome } from '../../domain/outcome.ts';
import type { RunOverview, RunReport, TaskReport } from '../../domain/run-report.ts';

/** What `runs --json` says of a run: a contract, its fields and no others. */
export function overviewJson(run: RunOverview): object {
  const { projectId, startedAt, status, tasks, averageQuality, spentUsd, models, elsewhere } = run;
  // Of a run on another machine it may be known there alone.
  const budgetUsd = elsewhere !== undefined && run.budgetUsd === 0 ? null : run.budgetUsd;
  return { projectId, startedAt, status, tasks, averageQuality, spentUsd, budgetUsd, models };
}

/** The same of one run, with its tasks in place of their number; answers are in their files. */
export function reportJson(report: RunReport, outcomes: readonly RecordedOutcome[]): object {
  const { overview, project, criteria, simulated, message, resumable } = report;
  const { journal, resultsFolder, tasks } = report;
  return {
    ...overviewJson(overview),
    ...(overview.elsewhere && { machine: overview.elsewhere.machine ?? null }),
    project,
    criteria,
    simulated,
    message: message ?? null,
    resumable,
    journal,
    resultsFolder,
    tasks: tasks.map((task) => ({
      ...taskJson(task),
      outcomes: outcomes
        .filter(({ taskId }) => taskId === task.taskId)
        .map(({ source, value, note, at }) => ({ source, value, note, at })),
    })),
  };
}

function taskJson({ attempts, error, ...task }: TaskReport): object {
  return {
    ...task,
    error: error ?? null,
    attempts: attempts.map((attempt) => ({
      ...attempt,
      answer: undefined,
      error: attempt.error ?? null,
      followedBecause: attempt.followedBecause ?? null,
    })),
  };
}
