import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { defined } from '../../domain/defined.ts';
import { OrchestratorError } from '../../domain/errors.ts';
import type { JudgeAgreement } from '../../domain/outcome.ts';
import type { CellHistory } from '../../domain/profile.ts';
import { isServerAddress, openTelemetryStore, type TelemetryStore } from '../../telemetry/index.ts';

/**
 * What a database answers, which nothing changes; `[]` where there is none yet. `onNotice` is called when a
 * server is away, with what is shown instead.
 */
export async function readStore<Item>(
  database: string,
  ask: (store: TelemetryStore) => Promise<Item[]>,
  onNotice?: (message: string) => void,
): Promise<Item[]> {
  if (!mayExist(database)) return [];
  const store = openTelemetryStore({ path: database, readonly: true, ...defined({ onNotice }) });
  try {
    return await ask(store);
  } finally {
    await store.close();
  }
}

/** The history that routing starts from; `onNotice` as in {@link readStore}. */
export const loadHistory = (
  database: string,
  onNotice?: (message: string) => void,
): Promise<CellHistory[]> => readStore(database, (store) => store.loadHistory(), onNotice);

/** How far judges agree with the outcomes in a database. */
export const readAgreements = (database: string): Promise<JudgeAgreement[]> =>
  readStore(database, (store) => store.judgeAgreements());

/** Whether there may be a history: only a server itself knows whether it has one. */
function mayExist(database: string): boolean {
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
