import type { TaskSpec } from '../domain/run-event.ts';
import { standardOf } from '../domain/task-standard.ts';
import { judgeSamples } from './constants.ts';
import type { RunContext } from './context.ts';
import { knownModels, supportingModels } from './routes.ts';

/** Dollars that a run is expected to cost, with the range it may well end in. */
export type Estimate = { lowUsd: number; expectedUsd: number; highUsd: number; basis: string };

/**
 * What the tasks are likely to cost: per task, attempts by the model that routing would choose, each
 * with a critique and its judgements. `low` is one attempt each by the cheapest able model, `high` as
 * many as allowed by the most expensive of those that may come to be used; the budget caps all three.
 */
export function estimateRun(context: RunContext, tasks: readonly TaskSpec[]): Estimate {
  const { options } = context;
  let low = 0;
  let expected = 0;
  let high = 0;
  let attempts = 0;
  const perType = new Map<string, TypeEstimate>();
  for (const { type } of tasks) {
    const known = perType.get(type) ?? estimateType(context, type);
    perType.set(type, known);
    low += known.low;
    expected += known.expected;
    high += known.high;
  }
  for (const { calls } of perType.values()) attempts += calls;
  const cap = (usd: number): number => Math.min(usd, options.budgetUsd);
  return {
    lowUsd: cap(low),
    expectedUsd: cap(expected),
    highUsd: cap(high),
    basis:
      attempts === 0
        ? 'list prices, since there is no history yet'
        : `list prices and ${attempts} past attempts on these task types`,
  };
}

type TypeEstimate = { low: number; expected: number; high: number; calls: number };

function estimateType(context: RunContext, taskType: string): TypeEstimate {
  const { profiles } = context;
  const models = knownModels(context, taskType);
  const [chosen] = models;
  if (chosen === undefined) return { low: 0, expected: 0, high: 0, calls: 0 };
  const [judge] = supportingModels(context, {
    role: 'judge',
    taskTypes: ['evaluation'],
    author: chosen,
  });
  const judgeCost =
    judge === undefined ? 0 : profiles.profile(judge.model, 'evaluation').avgCostUsd;
  const costs = models.map((model) => profiles.profile(model, taskType).avgCostUsd);
  const cells = models.map((model) => profiles.cell(model, taskType));
  const { qualityScore, avgCostUsd } = profiles.profile(chosen, taskType);
  const { acceptAt, maxIterations } = standardOf(taskType);
  // Critiques and judgements are short beside an attempt of the same model.
  const support = judgeCost * (1 + judgeSamples) * supportShare;
  // The further below the bar its usual score is, the more revisions it takes.
  const shortfall = Math.min(1, Math.max(0, (acceptAt - qualityScore + 0.1) / 0.2));
  const iterations = 1 + shortfall * (maxIterations - 1);
  return {
    low: Math.min(...costs) + support,
    expected: iterations * (avgCostUsd + support),
    high: maxIterations * (Math.max(...costs) + support),
    calls: cells.reduce((sum, { history }) => sum + (history?.profile.callCount ?? 0), 0),
  };
}

/** A critique's or judgement's cost beside that of an attempt by the same model. */
const supportShare = 0.5;
