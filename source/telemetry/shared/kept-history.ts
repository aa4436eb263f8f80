import { setTimeout as wait } from 'node:timers/promises';
import { TelemetryError } from '../../domain/errors.ts';
import type { CellHistory } from '../../domain/profile.ts';
import type { ServerAddress } from '../address/server-address.ts';
import { isRecord } from '../../domain/is-record.ts';
import { keptFile } from './kept-file.ts';

/** How long a run waits for a fresh history while it has the one of last time, in milliseconds. */
const withKeptMs = 300;
/** And without: the first run of a machine learns most from the others. */
const withoutKeptMs = 5000;
/** How often a server that cannot be reached is asked, and after how many milliseconds each time. */
const mostTries = 4;
const againMs = 50;
const mostBytes = 256 * 1024 * 1024;

/** What a server told last, and when, in Unix seconds. */
type Kept<Value> = { at: number; value: Value[] };

export type KeptWanted<Value> = {
  /** Names the file in which it is kept. */
  name: 'history' | 'support-calls';
  read: () => Promise<Value[]>;
  now: () => number;
  /** Whether it is of all runs: no other is kept. */
  isWhole: boolean;
  /** Hears, in one sentence, of what is used instead. */
  notify?: (message: string) => void;
  /** Restores what JSON has no word for. */
  revive?: (value: Value) => Value;
};

/**
 * What a server tells, or, where that takes long or is away, what it told last: no run waits for a server.
 * What is read is kept for the next time.
 */
export async function freshOrKept<Value>(
  address: ServerAddress,
  { name, read, now, isWhole, notify, revive }: KeptWanted<Value>,
): Promise<Value[]> {
  const file = keptFile(address, name, mostBytes);
  const found = file.read();
  const kept = isKept<Value>(found) ? found : undefined;
  const fresh = again(read).then((value) => {
    if (isWhole) file.keep({ at: now(), value });
    return value;
  });
  try {
    return await inTime(fresh, kept === undefined ? withoutKeptMs : withKeptMs, address.label);
  } catch (error) {
    if (!(error instanceof TelemetryError) || error.code === 'another-installation') throw error;
    // A server that is slow answers later, and what it says is kept.
    fresh.catch(() => undefined);
    notify?.(sentence(error, kept?.at));
    const value = kept?.value ?? [];
    return revive === undefined ? value : value.map(revive);
  }
}

/** A connection that broke says little of the server: another one may do. */
async function again<Result>(read: () => Promise<Result>, tries = mostTries): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const isOver = !(error instanceof TelemetryError) || error.code !== 'offline' || tries <= 1;
    if (isOver) throw error;
    await wait(againMs);
    return again(read, tries - 1);
  }
}

function sentence({ message }: TelemetryError, keptAt: number | undefined): string {
  if (keptAt === undefined) return `This run starts without any history. ${message}`;
  const since = new Date(keptAt * 1000).toISOString().slice(0, 16).replace('T', ' ');
  return `This run starts from the history of ${since} UTC. ${message}`;
}

/** A result, or `offline` after a time. */
export async function inTime<Result>(
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

function isKept<Value>(value: unknown): value is Kept<Value> {
  return isRecord(value) && Array.isArray(value['value']) && typeof value['at'] === 'number';
}

/** NaN is no JSON; an unknown cost is null in the file. */
export function revivedHistory(cell: CellHistory): CellHistory {
  return {
    ...cell,
    profile: { ...cell.profile, avgCostUsd: cell.profile.avgCostUsd ?? Number.NaN },
  };
}
