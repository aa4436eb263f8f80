import type { RoutingDecision } from '../../domain/routing-decision.ts';

/** The decision as a table that a person can follow by hand. */
export function explainTable({ reason, candidates }: RoutingDecision): string {
  return `${reason}\n${candidates.map(({ model, reason: why }) => `${model}: ${why}\n`).join('')}`;
}
