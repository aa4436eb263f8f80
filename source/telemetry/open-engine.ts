import type { HistoryEngine } from './engine.ts';
import { idHiderFor } from './address/hidden-ids.ts';
import { withHiddenIds } from './shared/hidden-reads.ts';
import { isServerAddress, serverAddress } from './address/server-address.ts';
import { sqliteEngine, type ConnectionOptions } from './sqlite/engine.ts';

/** The engine behind a history: of a file, or of a server, whose code is loaded for it; nothing is asked of it yet. */
export async function openEngine(
  path: string,
  /** `restMs`: how old what is new on a server may be. */
  { restMs = 0, ...options }: ConnectionOptions & { restMs?: number },
): Promise<HistoryEngine> {
  if (!isServerAddress(path)) return sqliteEngine(path, options);
  const { serverEngine } = await import('./postgres/engine.ts');
  const address = serverAddress(path);
  const hide = idHiderFor(address);
  const engine = serverEngine(address, { restMs });
  return hide === undefined ? engine : withHiddenIds(engine, hide);
}
