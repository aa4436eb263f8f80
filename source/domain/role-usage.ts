import type { TokenUsage } from './model-api.ts';
import { callRoles, type CallRole } from './model-call.ts';
import { toNano, toUsd } from './nano-dollars.ts';

/** What the calls of one role came to in one attempt of a task. */
export type RoleUsage = {
  /** From 1; 0 where it is not known. */
  attempt: number;
  role: CallRole;
  calls: number;
  costUsd: number;
  /** Calls without usage from the provider: the numbers below are without them. */
  untold: number;
  tokens: Tokens;
};

/** `cached` and `reasoning`: how much of the input and of the output, as far as providers report it. */
export type Tokens = { input: number; cached: number; output: number; reasoning: number };

const noTokens: Tokens = { input: 0, cached: 0, output: 0, reasoning: 0 };

export type UsedCall = {
  attempt: number;
  role: CallRole;
  costUsd: number;
  usage?: TokenUsage | undefined;
};

/** Takes one call in, in place; the order is that of the attempts, and in one that of the roles. */
export function addUsage(sums: RoleUsage[], { attempt, role, costUsd, usage }: UsedCall): void {
  let sum = sums.find((one) => one.attempt === attempt && one.role === role);
  if (sum === undefined) {
    sum = { attempt, role, calls: 0, costUsd: 0, untold: 0, tokens: noTokens };
    sums.push(sum);
    sums.sort((a, b) => a.attempt - b.attempt || placeOf(a.role) - placeOf(b.role));
  }
  sum.calls += 1;
  sum.costUsd = toUsd(toNano(sum.costUsd) + toNano(costUsd));
  if (usage === undefined) sum.untold += 1;
  else sum.tokens = plus(sum.tokens, tokensOf(usage));
}

/** The same over several sums, of one role or of several. */
export function totalOf(sums: readonly RoleUsage[]): Omit<RoleUsage, 'attempt' | 'role'> {
  return {
    calls: sums.reduce((total, { calls }) => total + calls, 0),
    costUsd: toUsd(sums.reduce((total, { costUsd }) => total + toNano(costUsd), 0)),
    untold: sums.reduce((total, { untold }) => total + untold, 0),
    tokens: sums.reduce((total, { tokens }) => plus(total, tokens), noTokens),
  };
}

const placeOf = (role: CallRole): number => callRoles.indexOf(role);

const tokensOf = (usage: TokenUsage): Tokens => ({
  input: usage.inputTokens,
  cached: usage.cachedInputTokens,
  output: usage.outputTokens,
  reasoning: usage.reasoningTokens ?? 0,
});

const plus = (one: Tokens, other: Tokens): Tokens => ({
  input: one.input + other.input,
  cached: one.cached + other.cached,
  output: one.output + other.output,
  reasoning: one.reasoning + other.reasoning,
});
