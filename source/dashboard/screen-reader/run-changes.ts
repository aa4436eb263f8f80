import { defined } from '../../domain/defined.ts';
import type { RunStatus } from '../../domain/run-event.ts';
import type { TaskState } from '../../domain/run-state.ts';
import type { NamedTaskResult } from '../../domain/task-result.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { formatMoney, formatPlural, formatScoreWords } from '../format/index.ts';
import type { RegisteredRun } from './run-registry.ts';

/** What of a run is reported, as it stood at one moment: a run's own state goes on in place. */
export type RunSnapshot = {
  projectId: string;
  project: string;
  budgetUsd: number;
  spentUsd: number;
  taskCount: number;
  finished: readonly { result: NamedTaskResult; status: TaskState['status'] | undefined }[];
  /** How it ended; `stale` where its events stopped without an end. */
  end?: { status: RunStatus | 'ended' | 'stale'; message?: string };
};

/** More tasks than this at once are counted instead of told one by one. */
const mostTasks = 4;

export function snapshotsOf(runs: readonly RegisteredRun[]): RunSnapshot[] {
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

function endOf(
  finished: RegisteredRun['run']['finished'],
  isListed: boolean,
): Pick<RunSnapshot, 'end'> {
  if (finished === undefined) return isListed ? {} : { end: { status: 'stale' } };
  const { status, message } = finished;
  return { end: { status, ...defined({ message }) } };
}

/**
 * What happened to the runs between two looks, in sentences: started, tasks finished, ended. Of the
 * run `watched` every task is told; of the others many at once are counted.
 */
export function runChangesBetween(
  before: readonly RunSnapshot[],
  after: readonly RunSnapshot[],
  watched?: string,
): string[] {
  const known = new Map(before.map((run) => [run.projectId, run]));
  return after.flatMap((run) => {
    const earlier = known.get(run.projectId);
    // What ended before it was seen, or was announced to have ended, is no change.
    if (earlier?.end !== undefined && run.end !== undefined) return [];
    return [
      ...beginning(earlier, run),
      ...tasks(earlier, run, run.projectId === watched),
      ...ending(run),
    ];
  });
}

function beginning(earlier: RunSnapshot | undefined, run: RunSnapshot): string[] {
  if (earlier !== undefined && earlier.end === undefined) return [];
  const { projectId, project, budgetUsd } = run;
  const verb = earlier === undefined ? 'started' : 'continues';
  return [`Run ${projectId} ${verb}: ${project}, budget ${formatMoney(budgetUsd)}.`];
}

function tasks(earlier: RunSnapshot | undefined, run: RunSnapshot, isWatched: boolean): string[] {
  const from = earlier?.finished.length ?? 0;
  const changes = run.finished.slice(from);
  const name = isWatched ? 'Task' : `Run ${run.projectId}, task`;
  if (isWatched || changes.length <= mostTasks) {
    return changes.map(({ result, status }, index) => {
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
    `Run ${run.projectId}: ${formatPlural(changes.length, 'task')} finished, now ${done}, ${formatMoney(run.spentUsd)} spent.`,
  ];
}

function ending({ projectId, finished, taskCount, spentUsd, end }: RunSnapshot): string[] {
  if (end === undefined) return [];
  const score = `${finished.length} of ${formatPlural(taskCount, 'task')}, ${formatMoney(spentUsd)} spent`;
  if (end.status === 'stale') {
    return [`Run ${projectId} is stale: ${score}.`];
  }
  const message = end.message === undefined ? '' : ` ${end.message}`;
  return [`Run ${projectId} ended, ${end.status}: ${score}.${message}`];
}
