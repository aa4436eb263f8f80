import type { RunStatus } from '../../domain/run-event.ts';
import type { TaskState } from '../../domain/run-state.ts';
import type { NamedTaskResult } from '../../domain/task-result.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { formatMoney, formatPlural, formatScoreWords } from '../format/index.ts';
import type { BookedRun } from './run-book.ts';

/** What of a run is reported, as it stood at one moment: a run's own state goes on in place. */
export type RunGlimpse = {
  projectId: string;
  project: string;
  budgetUsd: number;
  spentUsd: number;
  taskCount: number;
  finished: readonly { result: NamedTaskResult; status: TaskState['status'] | undefined }[];
  /** How it ended; `stale` where its events stopped without an end. */
  end?: { status: RunStatus | 'stale'; message?: string };
};

/** More tasks than this at once are counted instead of told one by one. */
const mostTasks = 4;

export function glimpsesOf(runs: readonly BookedRun[]): RunGlimpse[] {
  return runs.map(({ run, isListed }) => ({
    projectId: run.projectId,
    project: run.project,
    budgetUsd: run.budgetUsd,
    spentUsd: run.spentUsd,
    taskCount: run.tasks.size,
    finished: run.results.map((result) => ({
      result,
      status: run.tasks.get(result.taskId)?.status,
    })),
    ...endOf(run.finished, isListed),
  }));
}

function endOf(finished: BookedRun['run']['finished'], isListed: boolean): Pick<RunGlimpse, 'end'> {
  if (finished === undefined) return isListed ? {} : { end: { status: 'stale' } };
  const { status, message } = finished;
  return { end: { status, ...(message === undefined ? {} : { message }) } };
}

/**
 * What happened to the runs between two looks, in sentences: started, tasks finished, ended. Of the
 * run `watched` every task is told; of the others many at once are counted.
 */
export function runChangesBetween(
  before: readonly RunGlimpse[],
  after: readonly RunGlimpse[],
  watched?: string,
): string[] {
  const known = new Map(before.map((run) => [run.projectId, run]));
  return after.flatMap((run) => {
    const earlier = known.get(run.projectId);
    // What ended before it was seen, or was told to have ended, is no news.
    if (earlier?.end !== undefined && run.end !== undefined) return [];
    return [
      ...beginning(earlier, run),
      ...tasks(earlier, run, run.projectId === watched),
      ...ending(run),
    ];
  });
}

function beginning(earlier: RunGlimpse | undefined, run: RunGlimpse): string[] {
  if (earlier !== undefined && earlier.end === undefined) return [];
  const { projectId, project, budgetUsd } = run;
  const verb = earlier === undefined ? 'started' : 'continues';
  return [`Run ${projectId} ${verb}: ${project}, budget ${formatMoney(budgetUsd)}.`];
}

function tasks(earlier: RunGlimpse | undefined, run: RunGlimpse, isWatched: boolean): string[] {
  const from = earlier?.finished.length ?? 0;
  const news = run.finished.slice(from);
  const name = isWatched ? 'Task' : `Run ${run.projectId}, task`;
  if (isWatched || news.length <= mostTasks) {
    return news.map(({ result, status }, index) => {
      const parts = [
        formatScoreWords(result.score),
        formatMoney(result.costUsd),
        formatPlural(result.iterations, 'attempt'),
        ...(status === 'failed' || status === 'best-effort' ? [status] : []),
      ];
      const place = `${from + index + 1} of ${run.taskCount}`;
      return `${name} ${place}, ${taskTypeLabel(result.taskType)}, by ${result.model}: ${parts.join(', ')}.`;
    });
  }
  const done = `${run.finished.length} of ${run.taskCount}`;
  return [
    `Run ${run.projectId}: ${formatPlural(news.length, 'task')} finished, now ${done}, ${formatMoney(run.spentUsd)} spent.`,
  ];
}

function ending({ projectId, finished, taskCount, spentUsd, end }: RunGlimpse): string[] {
  if (end === undefined) return [];
  const score = `${finished.length} of ${formatPlural(taskCount, 'task')}, ${formatMoney(spentUsd)} spent`;
  if (end.status === 'stale') {
    return [`Run ${projectId} is stale: ${score}.`];
  }
  const message = end.message === undefined ? '' : ` ${end.message}`;
  return [`Run ${projectId} ended, ${end.status}: ${score}.${message}`];
}
