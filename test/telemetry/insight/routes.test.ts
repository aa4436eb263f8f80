import { expect, it } from 'vitest';
import { routesOf } from '../../../source/telemetry/insight/routes.ts';
import { createCells } from '../../../source/telemetry/sums/fact-rows.ts';
import { addValue, type Field } from '../../../source/telemetry/sums/fields.ts';
import { cellIn, emptyPeriod } from '../../../source/telemetry/sums/period.ts';

/** The routes where models have these sums, each for one type of task. */
function routesWith(
  given: readonly [model: string, taskType: string, sums: Partial<Record<Field, number>>][],
) {
  const cells = createCells();
  const whole = emptyPeriod(false);
  for (const [model, taskType, values] of given) {
    const sums = cellIn(whole, cells.numberOf(model, taskType));
    // Missing is 0.
    for (const field of ['tasks', 'paidCost', 'reviewCost', 'unbilledCost'] as const) {
      addValue(sums, field, values[field] ?? 0);
    }
  }
  return routesOf({ whole, cells });
}

it('is the one of who did most tasks, with what all models cost there', () => {
  expect(
    routesWith([
      ['a', 'summarization', { tasks: 1, paidCost: 3 }],
      ['b', 'summarization', { tasks: 5, paidCost: 1 }],
      ['judge', 'summarization', { paidCost: 4, reviewCost: 4 }],
      ['a', 'code_review', { tasks: 1, paidCost: 9 }],
    ]),
  ).toEqual([
    { taskType: 'code_review', model: 'a', spentUsd: 9, supervisionShare: 0 },
    { taskType: 'summarization', model: 'b', spentUsd: 8, supervisionShare: 0.5 },
  ]);
});

it('is none where models were called and no task was done', () => {
  expect(routesWith([['a', 'summarization', { paidCost: 3, reviewCost: 1 }]])).toEqual([]);
});

it('has no share of reviews where no calls are known', () => {
  expect(routesWith([['a', 'summarization', { tasks: 2, unbilledCost: 3 }]])).toEqual([
    { taskType: 'summarization', model: 'a', spentUsd: 3, supervisionShare: null },
  ]);
});
