import { withHashedIds } from '../../telemetry/address/server-address.ts';
import type { ConfigurationContent } from './schema.ts';

/** The place of the history, with what is to be done about ids in its address. */
export function historyOf({ history }: ConfigurationContent): string | undefined {
  if (history === undefined || typeof history === 'string') return history;
  return history.hashIds ? withHashedIds(history.url) : history.url;
}
