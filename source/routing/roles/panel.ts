import type { Supporter } from './supporters.ts';

/** Judges that share the work, and how: enough of each to estimate its severity. */
const shares = [0.6, 0.25, 0.15] as const;
/** A judge that costs more than the first by more than this factor does less; where money is short, any that costs more. */
const freePriceRatio = { usual: 2, short: 1 };
const leastShare = { usual: 0.03, short: 0.02 };

/** What a panel is chosen by, besides the order of the judges. */
export type PanelTerms = {
  /** Two uniform numbers in [0, 1), seeded by the answer: which judges it gets is random, and the same on resume. */
  uniforms: readonly [number, number];
  /** The probability that a judge is uninformative. */
  uselessness: (model: string) => number;
  /** Money for it is short. */
  isShort?: boolean;
};

/** Who judges an answer, and who judges it besides; then whom to ask where they fail. */
export type Panel = { first: string; second?: string; others: readonly string[] };

/**
 * Spreads judgements over the first few of the order, so that what one adds to scores can be told from what
 * the others do: mostly the first, the others more rarely the more they cost and the less useful they are. Who has to
 * be there for all because there is no other has a second from further down. The first that a user wants
 * always comes first.
 */
export function panelOf(order: readonly Supporter[], terms: PanelTerms): Panel | undefined {
  const [leader] = order;
  if (leader === undefined) return undefined;
  const alike = order
    .filter(({ wanted, fits, kin }) =>
      leader.wanted ? wanted : fits === leader.fits && kin === leader.kin && !wanted,
    )
    .slice(0, shares.length);
  const weights = alike.map((judge, index) => weightOf(judge, index, leader, terms));
  const first = leader.wanted
    ? leader
    : (weightedPick(alike, weights, terms.uniforms[0]) ?? leader);
  const rest = alike.filter((judge) => judge !== first);
  const restWeights = alike.flatMap((judge, index) =>
    judge === first ? [] : (weights[index] ?? 0),
  );
  const fallback = leader.wanted ? undefined : order.find((judge) => isSecond(judge, alike));
  const second = rest.length > 0 ? weightedPick(rest, restWeights, terms.uniforms[1]) : fallback;
  const others = order.filter((judge) => judge !== first);
  return {
    first: first.model,
    others: others.map(({ model }) => model),
    ...(second === undefined ? {} : { second: second.model }),
  };
}

function isSecond(judge: Supporter, alike: readonly Supporter[]): boolean {
  return !alike.includes(judge) && judge.isOfUse;
}

function weightOf(
  { model, costUsd }: Supporter,
  index: number,
  leader: Supporter,
  { uselessness, isShort = false }: PanelTerms,
): number {
  const by = isShort ? 'short' : 'usual';
  const ratio = leader.costUsd > 0 ? costUsd / leader.costUsd : costUsd > 0 ? Infinity : 1;
  const byPrice = Math.min(1, freePriceRatio[by] / ratio);
  const share = (shares[index] ?? 0) * byPrice;
  return Math.max(leastShare[by], share) * (1 - uselessness(model)) ** 6;
}

function weightedPick(
  judges: readonly Supporter[],
  weights: readonly number[],
  uniform: number,
): Supporter | undefined {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = uniform * total;
  for (const [index, judge] of judges.entries()) {
    left -= weights[index] ?? 0;
    if (left < 0) return judge;
  }
  return judges[0];
}
