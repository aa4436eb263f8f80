import type { ModelOffer } from '../../domain/model-api.ts';
import { listPriceUsd } from '../../domain/list-price.ts';
import type { CellHistory } from '../../domain/profile.ts';

/** A judgement is short beside an answer: about so much of what an answer of its model costs. */
const judgementShare = 0.4;
/** Two answers, each judged twice. */
const judgements = 4;

/**
 * Dollars that one task of a comparison is likely to cost: what answers of both have cost so far, or their
 * list prices, and judgements by a model of a usual price.
 */
export function expectedUsd(
  models: readonly string[],
  {
    taskType,
    connection,
    history,
  }: {
    taskType: string;
    connection: { offers: readonly ModelOffer[] };
    history: readonly CellHistory[];
  },
): number {
  const known = new Map(
    history
      .filter((cell) => cell.taskType === taskType && Number.isFinite(cell.profile.avgCostUsd))
      .map(({ model, profile }) => [model, profile.avgCostUsd]),
  );
  const costs = connection.offers.map((offer) => ({
    id: offer.id,
    costUsd: known.get(offer.id) ?? listPriceUsd(offer),
  }));
  const answers = costs
    .filter(({ id }) => models.includes(id))
    .reduce((sum, { costUsd }) => sum + costUsd, 0);
  const others = costs.filter(({ id }) => !models.includes(id)).map(({ costUsd }) => costUsd);
  const usualJudge = others.toSorted((a, b) => a - b)[Math.floor(others.length / 2)] ?? 0;
  return answers + judgements * judgementShare * usualJudge;
}
