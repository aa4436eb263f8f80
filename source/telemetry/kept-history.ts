import { join } from 'node:path';
import process from 'node:process';
import { TelemetryError } from '../domain/errors.ts';
import type { CellHistory } from '../domain/profile.ts';
import { cacheFolder } from '../files/cache-folder.ts';
import { readOwnFile, replaceOwnFile } from '../files/own-file.ts';
import { digestOfServer, type ServerAddress } from './server-address.ts';

/** How long a run waits for a fresh history while it has the one of last time, in milliseconds. */
const withKeptMs = 300;
/** And without: the first run of a machine learns most from the others. */
const withoutKeptMs = 5000;
const mostBytes = 256 * 1024 * 1024;

type Kept = { at: number; history: CellHistory[] };

/**
 * The history that a server tells, or, where that takes long or is away, the one that it told last: no
 * run waits for a server. What is read is kept for the next time.
 */
export async function freshOrKept(
  address: ServerAddress,
  read: () => Promise<CellHistory[]>,
  {
    now,
    notify,
    isWhole,
    environment = process.env,
  }: {
    now: () => number;
    notify: (message: string) => void;
    /** Whether it is of all runs: no other is kept. */
    isWhole: boolean;
    environment?: NodeJS.ProcessEnv;
  },
): Promise<CellHistory[]> {
  const file = join(cacheFolder(environment), `shared-${digestOfServer(address)}.history.json`);
  const kept = keptIn(file);
  const fresh = read().then((history) => {
    if (isWhole) keep(file, { at: now(), history });
    return history;
  });
  try {
    return await inTime(fresh, kept === undefined ? withoutKeptMs : withKeptMs, address.label);
  } catch (error) {
    if (!(error instanceof TelemetryError) || error.code === 'another-installation') throw error;
    // A server that is slow answers later, and what it says is kept.
    fresh.catch(() => undefined);
    notify(sentence(error, kept));
    return kept?.history ?? [];
  }
}

function sentence({ message }: TelemetryError, kept: Kept | undefined): string {
  if (kept === undefined) return `This run starts without any history. ${message}`;
  const since = new Date(kept.at * 1000).toISOString().slice(0, 16).replace('T', ' ');
  return `This run starts from the history of ${since} UTC. ${message}`;
}

async function inTime<Result>(
  result: Promise<Result>,
  timeMs: number,
  label: string,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `${label} did not answer within ${timeMs} ms: nothing has to be done if it is only slow now.`;
      reject(new TelemetryError('offline', message));
    }, timeMs);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** NaN is no JSON; an unknown cost is null in the file. */
function keep(file: string, kept: Kept): void {
  try {
    replaceOwnFile(file, JSON.stringify(kept));
  } catch {
    // Without it the next run waits a little longer.
  }
}

function keptIn(file: string): Kept | undefined {
  const read = readOwnFile(file, { maxBytes: mostBytes });
  if (!read.ok) return undefined;
  try {
    const kept: Kept = JSON.parse(read.text);
    if (!Array.isArray(kept.history) || typeof kept.at !== 'number') return undefined;
    const history = kept.history.map((cell) => ({
      ...cell,
      profile: { ...cell.profile, avgCostUsd: cell.profile.avgCostUsd ?? Number.NaN },
    }));
    return { at: kept.at, history };
  } catch {
    return undefined;
  }
}
