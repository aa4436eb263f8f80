import type { HistoryEngine } from './engine.ts';
import { idHiderFor } from './hidden-ids.ts';
import { withHiddenIds } from './hidden-reads.ts';
import { isServerAddress, serverAddress } from './server-address.ts';
import { sqliteEngine } from './sqlite/engine.ts';
import type { ConnectionOptions } from './sqlite/connection.ts';

/** The engine behind a history: of a file, or of a server, whose code is loaded at the first read. */
export function openEngine(
  path: string,
  /** `restMs`: how old what is new on a server may be. */
  { restMs = 0, ...options }: ConnectionOptions & { restMs?: number },
): HistoryEngine {
  return isServerAddress(path) ? lazyServerEngine(path, restMs) : sqliteEngine(path, options);
}

function lazyServerEngine(path: string, restMs: number): HistoryEngine {
  let engine: Promise<HistoryEngine> | undefined;
  const loaded = (): Promise<HistoryEngine> =>
    (engine ??= import('./postgres/engine.ts').then(({ serverEngine }) => {
      const address = serverAddress(path);
      const hide = idHiderFor(address);
      const opened = serverEngine(address, { restMs });
      return hide === undefined ? opened : withHiddenIds(opened, hide);
    }));
  return {
    mark: async () => (await loaded()).mark(),
    view: async (window) => (await loaded()).view(window),
    days: async (wanted) => (await loaded()).days(wanted),
    lastEvents: async (wanted) => (await loaded()).lastEvents(wanted),
    taskIds: async (projectId) => (await loaded()).taskIds(projectId),
    calls: async (projectId) => (await loaded()).calls(projectId),
    supportCalls: async (wanted) => (await loaded()).supportCalls(wanted),
    outcomes: async (projectId) => (await loaded()).outcomes(projectId),
    judgeAgreements: async () => (await loaded()).judgeAgreements(),
    hasSnapshots: async (projectId) => (await loaded()).hasSnapshots(projectId),
    isEmpty: async () => (await loaded()).isEmpty(),
    shownRuns: async (wanted) => (await loaded()).shownRuns(wanted),
    recordedRuns: async () => (await loaded()).recordedRuns(),
    recordedRun: async (projectId) => (await loaded()).recordedRun(projectId),
    newerSchema: async () => (await loaded()).newerSchema(),
    close: async () => (await engine)?.close(),
  };
}
