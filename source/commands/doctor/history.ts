import { messageOf } from '../../domain/errors.ts';
import {
  addressVariable,
  historyStatus,
  isServerAddress,
  serverAddress,
  waitingRecords,
  type HistoryStatus,
} from '../../telemetry/index.ts';
import type { Configuration } from '../configuration/index.ts';
import { cachePaths, type CachePaths } from '../shared/cache-paths.ts';

/** Where everything lies, with the history that the configuration names where nothing else does. */
export function placesOf(
  environment: NodeJS.ProcessEnv,
  flag: string | undefined,
  configuration: Configuration | undefined,
): { paths: CachePaths; problem?: string } {
  const named = environment[addressVariable] || configuration?.history;
  const own = { ...environment, [addressVariable]: named };
  try {
    return { paths: cachePaths(own, flag) };
  } catch (error) {
    const without = { ...environment, [addressVariable]: undefined };
    return { paths: cachePaths(without), problem: messageOf(error) };
  }
}

/** What is there of a history; only a server of one is asked. Never rejects. */
export async function examineHistory(database: string): Promise<HistoryStatus> {
  if (!isServerAddress(database)) return historyStatus(database);
  const address = serverAddress(database);
  const common = {
    path: address.label,
    rollups: { path: address.label, exists: false },
    waiting: waitingRecords(database),
  };
  try {
    const { administrator, serverStatus } =
      await import('../../telemetry/postgres/administration.ts');
    const connector = administrator(address);
    try {
      const { version, currentVersion, rows, sumsAge } = await serverStatus(connector);
      const rollups = { path: address.label, exists: sumsAge !== undefined };
      if (version !== undefined) {
        return { ...common, rollups, status: 'ready', version, currentVersion, rows };
      }
      const problem = `${address.label} has no history yet: make one with orchestrator history init.`;
      return { ...common, status: 'failed', currentVersion, rows: {}, problem };
    } finally {
      await connector.close();
    }
  } catch (error) {
    return { ...common, status: 'failed', currentVersion: 0, rows: {}, problem: messageOf(error) };
  }
}
