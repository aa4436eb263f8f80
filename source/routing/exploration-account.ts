import { amountText } from '../domain/amount.ts';
import { grouped } from '../domain/grouped.ts';
import { normalUpperTail } from '../domain/normal.ts';
import type { CandidateAssessment, RoutingDecision } from '../domain/routing-decision.ts';

/** What trying models on a task type has cost beside its present choice, and what it found. */
export type ExplorationAccount = {
  /** The choice without exploration. */
  choice: string;
  /** Attempts in the history that routing uses, and those of them by other models than the choice. */
  attempts: number;
  others: number;
  /** How many models those were by. */
  models: number;
  /** Dollars that they cost beyond the choice's price per attempt; negative where they were cheaper. */
  extraUsd: number;
  /** Quality that they fell short of the choice, as a mean over all attempts; negative where it did. */
  qualityLost: number;
  /** Models of which it is settled that they are not better: less than 5% probable. */
  settled: number;
  /** Those that may be better, the most probable first. */
  open: { model: string; probability: number }[];
};

/** A model less probable than this to be better than the choice is settled. */
const settledBelow = 0.05;

/**
 * Sums up a decision's candidates by the history that they carry; undefined before there is any. Attempts by
 * models that were the choice once count as well: looking back, all were trials but those of the best.
 */
export function accountOfExploration({
  candidates,
  chosen,
  greedyChoice = chosen,
}: RoutingDecision): ExplorationAccount | undefined {
  const choice = candidates.find(({ model }) => model === greedyChoice);
  if (choice === undefined) return undefined;
  const account: ExplorationAccount = {
    choice: choice.model,
    attempts: choice.history?.callCount ?? 0,
    others: 0,
    models: 0,
    extraUsd: 0,
    qualityLost: 0,
    settled: 0,
    open: [],
  };
  for (const candidate of candidates) {
    if (candidate === choice) continue;
    const { model, history, rank } = candidate;
    const calls = history?.callCount ?? 0;
    if (history !== undefined && calls > 0) {
      account.attempts += calls;
      account.others += calls;
      account.models += 1;
      const extra = history.avgCostUsd - (choice.history ?? choice.profile).avgCostUsd;
      if (Number.isFinite(extra)) account.extraUsd += calls * extra;
      if (history.effectiveCalls > 0) {
        account.qualityLost += calls * (qualityOf(choice) - history.qualityScore);
      }
    }
    const probability = probabilityBetter(candidate, choice);
    if (rank === undefined || probability === undefined) continue;
    if (probability < settledBelow) account.settled += 1;
    else account.open.push({ model, probability });
  }
  if (account.attempts === 0) return undefined;
  account.qualityLost /= account.attempts;
  account.open.sort((a, b) => b.probability - a.probability);
  return account;
}

function qualityOf({ posterior, profile }: CandidateAssessment): number {
  return posterior?.mean ?? profile.qualityScore;
}

function probabilityBetter(
  { posterior }: CandidateAssessment,
  { posterior: choice }: CandidateAssessment,
): number | undefined {
  if (posterior === undefined || choice === undefined) return undefined;
  const deviation = Math.hypot(posterior.standardDeviation, choice.standardDeviation);
  if (deviation === 0) return posterior.mean > choice.mean ? 1 : 0;
  return normalUpperTail((choice.mean - posterior.mean) / deviation);
}

/** The account in one or two sentences; undefined where nothing was explored yet. */
export function explorationWords(decision: RoutingDecision): string | undefined {
  const account = accountOfExploration(decision);
  if (account === undefined) return undefined;
  const { choice, attempts, others, models, extraUsd, qualityLost, settled, open } = account;
  const money = `$${amountText(Math.abs(extraUsd))} ${extraUsd < 0 ? 'less' : 'more'}`;
  const points = Number((100 * Math.abs(qualityLost)).toFixed(1));
  const quality = `${points} ${points === 1 ? 'point' : 'points'} of quality ${qualityLost < 0 ? 'more' : 'less'}`;
  const spent =
    others === 0
      ? `${attempts === 1 ? 'The only attempt' : `All ${grouped(attempts, 0)} attempts`} so far went to ${choice}`
      : `${grouped(others, 0)} of ${grouped(attempts, 0)} attempts went to ${models} other ${models === 1 ? 'model' : 'models'}: ${money} and ${quality} than with ${choice} alone`;
  const [best] = open;
  if (best === undefined)
    return settled > 0 ? `${spent}. Found: none of the others is better.` : `${spent}.`;
  const rest = open.length > 1 ? ` and ${open.length - 1} more` : '';
  const found =
    settled === 0
      ? 'Nothing is found yet'
      : `Found: ${settled} of ${settled + open.length} ${settled === 1 ? 'is' : 'are'} not better`;
  return `${spent}. ${found}; open: ${best.model} (${percentOf(best.probability)} that it is better)${rest}.`;
}

function percentOf(probability: number): string {
  return `${Math.round(100 * probability)}%`;
}
