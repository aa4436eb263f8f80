import { secondsTaken, type RunState, type TaskState } from '../../domain/run-state.ts';
import { progressOf } from '../../domain/task-standing.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { phaseWords } from '../tables/task-words.ts';
import {
  formatElapsed,
  formatMoney,
  formatPlural,
  formatScore,
  machineText,
} from '../format/index.ts';

/** The runs in progress, a sentence for each and for each task that is worked on. */
export function runLines(runs: readonly RunState[]): string[] {
  if (runs.length === 0) return ['LIVE: no run is in progress.'];
  return [`LIVE: ${formatPlural(runs.length, 'run')}.`, ...runs.flatMap(linesOf)];
}

function linesOf(run: RunState): string[] {
  const tasks = [...run.tasks.values()];
  const [finished, all] = run.elsewhere ? progressOf(run) : [run.results.length, tasks.length];
  const done = all === 0 ? 'planning' : `${finished} of ${formatPlural(all, 'task')} finished`;
  const what = run.elsewhere ? `on ${machineText(run.elsewhere)}` : run.project;
  const parts = [
    done,
    `${formatMoney(run.spentUsd)} of ${formatMoney(run.budgetUsd)} spent`,
    formatElapsed(secondsTaken(run, run.lastEventAt)),
    ...(run.simulated ? ['SIMULATED'] : []),
    ...(run.finished === undefined ? [] : [`ended, ${run.finished.status}`]),
  ];
  return [
    `Run ${run.projectId}, ${what}: ${parts.join(', ')}.`,
    ...tasks.filter(({ status }) => status === 'running').map(workLine),
  ];
}

function workLine({ id, type, model, phase, iteration, score }: TaskState): string {
  const parts = [
    phase === undefined ? 'starting' : phaseWords[phase].spoken,
    ...(model === undefined ? [] : [`by ${model}`]),
    ...(iteration > 1 ? [`attempt ${iteration}`] : []),
    ...(score === undefined ? [] : [`best score ${formatScore(score)}`]),
  ];
  return `Task ${id}, ${taskTypeLabel(type)}: ${parts.join(', ')}.`;
}
