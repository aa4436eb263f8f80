import type { Insight } from '../../domain/insight.ts';
import { formatDate, roleRows } from '../format/index.ts';

/** By what spend is told, in the order in which ← and → go through it. */
export const spendDimensions = ['model', 'role', 'run', 'day'] as const;
export type SpendDimension = (typeof spendDimensions)[number];

/** What was paid for one of them. */
export type SpendRow = {
  /** A model, a role's word, a run, or a local day. */
  id: string;
  by: SpendDimension;
  costUsd: number;
  /** Of all that was paid in the window, in [0, 1]. */
  share: number;
  /** Tasks that it did, or that were done then; null where they are not told apart. */
  tasks: number | null;
  /** Of a model: what of that went to its answers and revisions, and to its critiques and judgements. */
  answersUsd?: number;
  reviewsUsd?: number;
};

/** All rows of a dimension: most money first, of days the last one. */
export function spendRows(insight: Insight, by: SpendDimension): SpendRow[] {
  const { totalUsd } = insight.spend;
  const row = (id: string, costUsd: number, tasks: number | null): SpendRow => ({
    id,
    by,
    costUsd,
    share: totalUsd > 0 ? costUsd / totalUsd : 0,
    tasks,
  });
  switch (by) {
    case 'model': {
      const roles = new Map(insight.spend.byModel.map(({ model, byRole }) => [model, byRole]));
      return insight.spendByModel.map(({ model, costUsd, tasks }) => {
        const { generator = 0, reviser = 0, critic = 0, judge = 0 } = roles.get(model) ?? {};
        const parts = { answersUsd: generator + reviser, reviewsUsd: critic + judge };
        return { ...row(model, costUsd, tasks), ...parts };
      });
    }
    case 'role': {
      return roleRows(insight.spend)
        .map(({ name, costUsd }) => row(name, costUsd, null))
        .toSorted((a, b) => b.costUsd - a.costUsd);
    }
    case 'run': {
      return insight.spendByProject.map(({ projectId, costUsd, tasks }) =>
        row(projectId, costUsd, tasks),
      );
    }
    case 'day': {
      return insight.spendByDay
        .map(({ day, costUsd, tasks }) => row(formatDate(day), costUsd, tasks))
        .toReversed();
    }
  }
}
