import { modelsInUsd, phasesInUsd } from '../../domain/run-money.ts';
import { digestOf } from '../../domain/run-report.ts';
import {
  endOf,
  isLive,
  secondsTaken,
  type RunState,
  type TaskState,
} from '../../domain/run-state.ts';
import { isDone, standingsOf, type TaskStanding } from '../../domain/task-standing.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatDayAndTime,
  formatElapsed,
  formatMoneyIn,
  formatPlural,
  formatScore,
  moneyDecimals,
  nothing,
} from '../format/index.ts';
import { type ComparedRow, moneyCells } from '../tables/comparison.ts';
import { markOf } from '../tables/task-marks.ts';

type Runs = readonly [RunState | undefined, RunState | undefined];

/** Two runs by how they went, what was paid to whom, and how each task did where they have the same. */
export function comparedRuns(runs: Runs, now: number): ComparedRow[] {
  const row = (name: string, text: (run: RunState) => string): ComparedRow => {
    const of = (run: RunState | undefined): string => (run === undefined ? nothing : text(run));
    return { id: name, name, cells: [of(runs[0]), of(runs[1])] };
  };
  return [
    row('state', (run) => stateOf(run, now)),
    row('project', ({ project }) => project),
    row('started', ({ startedAt }) => formatDayAndTime(startedAt, now)),
    row('took', (run) => formatElapsed(secondsTaken(run, endOf(run, now)))),
    row('quality', (run) => formatScore(digestOf(run).averageQuality)),
    ...moneyRows(runs, [
      ['spent', ({ spentUsd }) => spentUsd],
      ['budget', ({ budgetUsd }) => budgetUsd],
    ]),
    row('tasks', ({ tasks }) => formatPlural(tasks.size, 'task')),
    row('how they ended', (run) => standingText(run, now)),
    row('models', (run) => digestOf(run).models.join(', ') || nothing),
    { id: 'by role', name: 'Spent by role' },
    ...moneyRows(
      runs,
      roleNames.map(([role, name]) => [`  ${name}`, (run) => phasesInUsd(run.money)[role]]),
    ),
    { id: 'by model', name: 'Spent by model' },
    ...moneyRows(
      runs,
      modelsOf(runs).map((model) => [`  ${model}`, (run) => modelsInUsd(run.money)[model] ?? 0]),
    ),
    ...taskRows(runs),
  ];
}

/** Rows of money that stand below one another, all with as many decimals. */
function moneyRows(
  runs: Runs,
  rows: readonly (readonly [name: string, usd: (run: RunState) => number])[],
): ComparedRow[] {
  const amounts = rows.map(([name, usd]) => {
    const of = (run: RunState | undefined): number | null => (run === undefined ? null : usd(run));
    return { name, of: [of(runs[0]), of(runs[1])] as const };
  });
  const decimals = moneyDecimals(amounts.flatMap(({ of }) => of));
  return amounts.map(({ name, of }) => ({ id: name, name, cells: moneyCells(of, decimals) }));
}

const roleNames = [
  ['decomposition', 'plans'],
  ['generation', 'answers'],
  ['review', 'reviews'],
  ['evaluation', 'judgements'],
] as const;

function stateOf(run: RunState, now: number): string {
  if (run.finished !== undefined) return run.finished.status.replaceAll('-', ' ');
  return isLive(run, now) ? 'running' : 'interrupted';
}

/** `8 accepted, 1 failed`. */
function standingText(run: RunState, now: number): string {
  const standings = standingsOf(run, now);
  const counts = new Map<TaskStanding, number>();
  for (const task of run.tasks.values()) {
    const standing = standings.of(task);
    counts.set(standing, (counts.get(standing) ?? 0) + 1);
  }
  const parts = [...counts].map(([standing, count]) => `${count} ${markOf(standing, true).word}`);
  return parts.toSorted().join(', ') || nothing;
}

/** Those that either paid, the most money first. */
function modelsOf(runs: Runs): string[] {
  const paid = new Map<string, number>();
  for (const run of runs) {
    for (const [model, spent] of run?.money.byModel ?? []) {
      paid.set(model, (paid.get(model) ?? 0) + spent);
    }
  }
  return [...paid].toSorted(([, one], [, other]) => other - one).map(([model]) => model);
}

/** Tasks of the same name stand side by side where they ask for the same; names alone say nothing. */
function taskRows([one, other]: Runs): ComparedRow[] {
  if (one === undefined || other === undefined) return [];
  const pairs = [...one.tasks.values()].flatMap((task) => {
    const same = other.tasks.get(task.id);
    const isSame = same?.type === task.type && promptOf(one, task) === promptOf(other, task);
    return same === undefined || !isSame ? [] : [[task, same] as const];
  });
  const [first, second] = [one.tasks.size - pairs.length, other.tasks.size - pairs.length];
  const rest =
    first + second === 0
      ? []
      : [
          {
            id: 'own',
            name: '  only there',
            cells: [tasksText(first), tasksText(second)] as const,
          },
        ];
  const decimals = moneyDecimals(pairs.flat().map(({ costUsd }) => costUsd));
  const title =
    pairs.length === 0 ? 'Tasks: none that both have' : `Tasks that both have: ${pairs.length}`;
  return [
    { id: 'tasks of both', name: title },
    ...pairs.map(([task, same]) => ({
      id: `task ${task.id}`,
      name: `  ${task.id} ${taskTypeLabel(task.type)}`,
      cells: [outcomeOf(task, decimals), outcomeOf(same, decimals)] as const,
      taskId: task.id,
    })),
    ...rest,
  ];
}

const tasksText = (count: number): string => (count === 0 ? 'none' : formatPlural(count, 'task'));

const promptOf = ({ plan }: RunState, task: TaskState): string | undefined =>
  plan.find(({ id }) => id === task.id)?.prompt;

/** `0.92 deepseek-chat $0.004`; of what has not ended, how it is. */
function outcomeOf(task: TaskState, decimals: number): string {
  if (!isDone(task)) return task.status;
  const state = task.status === 'accepted' ? '' : `  ${markOf(task.status, true).word}`;
  return `${formatScore(task.score)}  ${task.author ?? nothing}  ${formatMoneyIn(task.costUsd, decimals)}${state}`;
}
