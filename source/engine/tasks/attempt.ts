import type { NanoDollars } from '../../domain/nano-dollars.ts';

/** One generation or revision, with what became of it. */
export type Attempt = {
  iteration: number;
  model: string;
  /** Absent when it failed. */
  output?: string;
  /** Absent when it failed or could not be judged. */
  score?: number;
  validatorsPassed: boolean;
  /** The output was cut off at its length limit. */
  cut?: boolean;
  /** What the validators say is wrong, one sentence each. */
  problems: readonly string[];
  /** Whether the user's own commands let it pass; absent where there are none, or they could not be run. */
  tested?: boolean;
  reviewer?: string;
  /** Those that judged it. */
  judges?: readonly string[];
  review?: string;
  /** Nobody was asked for a critique, since the answer may be good enough without. */
  reviewSpared?: boolean;
  /** Of the generation or revision alone. */
  cost: NanoDollars;
  /** Charged besides for calls of unknown cost: no price. */
  possibleCost: NanoDollars;
  latencyMs: number;
  policyViolation: boolean;
  error?: string;
};

/** One that gave an answer. */
export type UsableAttempt = Attempt & { output: string };

export const isUsable = (attempt: Attempt): attempt is UsableAttempt =>
  attempt.output !== undefined;

/**
 * Whether `left` is the better attempt: one with an output, then one that passes its validators, then
 * one that is complete, then the higher score. The earlier wins a tie.
 */
export function isBetter(left: Attempt, right: Attempt | undefined): boolean {
  if (right === undefined) return true;
  if (isUsable(left) !== isUsable(right)) return isUsable(left);
  if (left.validatorsPassed !== right.validatorsPassed) return left.validatorsPassed;
  if ((left.cut === true) !== (right.cut === true)) return left.cut !== true;
  return (left.score ?? -1) > (right.score ?? -1);
}
