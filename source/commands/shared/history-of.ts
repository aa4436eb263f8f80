import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { OrchestratorError } from '../../domain/errors.ts';
import type { JudgeAgreement } from '../../domain/outcome.ts';
import type { CellHistory } from '../../domain/profile.ts';
import { isServerAddress, openTelemetryStore } from '../../telemetry/index.ts';

/**
 * The history in a database, read without changing it; empty where there is no database yet. `onNotice`
 * is called when a server is away, with what is shown instead.
 */
export async function loadHistory(
  database: string,
  onNotice: (message: string) => void,
): Promise<CellHistory[]> {
  if (!mayExist(database)) return [];
  const store = openTelemetryStore({ path: database, readonly: true, onNotice });
  try {
    return await store.loadHistory();
  } finally {
    await store.close();
  }
}

/** How far judges agree with the outcomes in a database; nothing where there is no database yet. */
export async function readAgreements(database: string): Promise<JudgeAgreement[]> {
  if (!mayExist(database)) return [];
  const store = openTelemetryStore({ path: database, readonly: true });
  try {
    return await store.judgeAgreements();
  } finally {
    await store.close();
  }
}

/** Whether there may be a history: only a server itself knows whether it has one. */
export function mayExist(database: string): boolean {
  return isServerAddress(database) || existsSync(database);
}

/** By its first bytes; of what cannot be read, whoever reads it whole says why. */
function mayBeDatabase(path: string): boolean {
  const stats = statSync(path);
  if (!stats.isFile() || stats.size === 0) return !stats.isDirectory();
  try {
    const descriptor = openSync(path, 'r');
    const beginning = Buffer.alloc(signature.length);
    try {
      readSync(descriptor, beginning);
    } finally {
      closeSync(descriptor);
    }
    return beginning.toString('latin1') === signature;
  } catch {
    return true;
  }
}

/** What every file of SQLite begins with. */
const signature = 'SQLite format 3';

/** For a database that someone named: it must be there. */
export function requireDatabase(database: string): void {
  if (mayExist(database)) {
    if (isServerAddress(database) || mayBeDatabase(database)) return;
    throw new OrchestratorError(
      'not-a-database',
      `${database} is not a telemetry database: name another file with --db, or move this one away.`,
    );
  }
  throw new OrchestratorError(
    'missing',
    `There is no history at ${database} yet: run a project with orchestrator run, or see how it works with orchestrator demo.`,
  );
}
