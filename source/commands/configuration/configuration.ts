import type { OrchestratorError } from '../../domain/errors.ts';
import type { Policy, RoutingSettings } from '../../domain/policy.ts';
import type { Roles, SupervisionSettings } from '../../domain/supervision.ts';
import type { ProvidersSettings } from '../../providers/settings.ts';

/** What the user configured, with the defaults for everything else. */
export type Configuration = {
  /** The file it comes from; absent where there is none. */
  file?: string;
  providers: ProvidersSettings;
  routing: RoutingSettings;
  policy: Policy;
  /** Who plans, criticises and judges. */
  roles: Roles;
  supervision: SupervisionSettings;
  /** Dollars for a month, shown and not enforced; absent: none. */
  monthBudgetUsd?: number;
  /** The file or server that keeps the history; absent: the file in the cache. */
  history?: string;
  /** What is most likely a mistake in it, one sentence each; absent where there is none. */
  warnings?: readonly string[];
  /** What the file says but nobody trusts: it is left out of the rest. */
  untrusted?: Untrusted;
};

export type Untrusted = {
  /** One sentence for a command that continues without. */
  notice: string;
  /** For a command that would send requests: see {@link requireTrust}. */
  error: OrchestratorError<'untrusted'>;
};

/** `openai:` without anything below it says nothing, and is null in YAML. */
export function withoutEmpty<Value>(
  entries: Readonly<Record<string, Value | null>>,
): Record<string, Value | Record<string, never>> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, value ?? {}]));
}
