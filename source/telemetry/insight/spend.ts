import type { Insight, Spend, SpendSlice } from '../../domain/insight.ts';
import { nextLocalDay, startOfLocalDay } from '../../domain/local-day.ts';
import { compareText } from '../../domain/ordering.ts';
import type { RunSums } from '../sums/detail.ts';
import { valueOf } from '../sums/fields.ts';
import { type PeriodSums, remembered } from '../sums/period.ts';
import { byModel, type View } from './view.ts';

/** The role under which money is booked that only whole tasks tell of. */
const unknownRole = 'unknown';

/** What was paid in the window, to whom and for what. */
export function spendOf({ whole, cells }: View): Spend {
  const byRole = new Map<string, number>();
  const models = new Map<string, Map<string, number>>();
  let totalUsd = 0;
  const add = (model: string, role: string, costUsd: number): void => {
    totalUsd += costUsd;
    byRole.set(role, (byRole.get(role) ?? 0) + costUsd);
    let roles = models.get(model);
    if (roles === undefined) models.set(model, (roles = new Map<string, number>()));
    roles.set(role, (roles.get(role) ?? 0) + costUsd);
  };
  for (const { model, role, costUsd } of whole.detail.money.values()) add(model, role, costUsd);
  let approximate = false;
  for (const [model, sums] of byModel(whole, cells)) {
    if (valueOf(sums, 'unbilledTasks') === 0) continue;
    approximate = true;
    add(model, unknownRole, valueOf(sums, 'unbilledCost'));
  }
  return {
    totalUsd,
    byRole: Object.fromEntries(byRole),
    byModel: [...models]
      .map(([model, roles]) => ({
        model,
        costUsd: [...roles.values()].reduce((sum, costUsd) => sum + costUsd, 0),
        byRole: Object.fromEntries(roles),
      }))
      .toSorted((a, b) => b.costUsd - a.costUsd || (a.model < b.model ? -1 : 1)),
    approximate,
  };
}

/** Per local day, oldest first; those on which nothing happened are left out. */
export function spendByDay(parts: readonly { sums: PeriodSums }[]): SpendSlice[] {
  const slices: SpendSlice[] = [];
  for (const { sums } of parts) for (const slice of inLocalDays(sums)) addSlice(slices, slice);
  return slices;
}

/** Of a period, in one or two local days; those of past days do not change. */
const inLocalDays = remembered(({ detail }: PeriodSums): SpendSlice[] => {
  const slices: SpendSlice[] = [];
  let [day, end] = [-Infinity, -Infinity];
  for (const [start, quarter] of [...detail.quarters].toSorted(([a], [b]) => a - b)) {
    if (start >= end) {
      day = startOfLocalDay(start);
      end = nextLocalDay(day);
    }
    addSlice(slices, { day, ...quarter });
  }
  return slices;
});

/** Adds to the last day, or begins the next one. */
function addSlice(slices: SpendSlice[], { day, costUsd, tasks }: SpendSlice): void {
  const last = slices.at(-1);
  if (last?.day === day) {
    last.costUsd += costUsd;
    last.tasks += tasks;
  } else slices.push({ day, costUsd, tasks });
}

/** Models that were paid, or that did tasks, by money descending. */
export function spendByModel({ whole, cells }: View, spend: Spend): Insight['spendByModel'] {
  const sums = byModel(whole, cells);
  const tasksOf = (model: string): number => {
    const ofModel = sums.get(model);
    return ofModel === undefined ? 0 : valueOf(ofModel, 'tasks');
  };
  const paid = new Set(spend.byModel.map(({ model }) => model));
  const unpaid = [...sums.keys()].filter((model) => !paid.has(model) && tasksOf(model) > 0);
  return [
    ...spend.byModel.map(({ model, costUsd }) => ({ model, costUsd, tasks: tasksOf(model) })),
    ...unpaid.toSorted().map((model) => ({ model, costUsd: 0, tasks: tasksOf(model) })),
  ];
}

/** Runs that were paid for, or that did tasks, by money descending. */
export function spendByProject(runs: ReadonlyMap<string, RunSums>): Insight['spendByProject'] {
  return [...runs]
    .filter(([, { paidUsd, tasks }]) => paidUsd > 0 || tasks > 0)
    .map(([projectId, { paidUsd, tasks }]) => ({ projectId, costUsd: paidUsd, tasks }))
    .toSorted((a, b) => b.costUsd - a.costUsd || compareText(a.projectId, b.projectId));
}
