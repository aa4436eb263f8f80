import { defined } from '../../domain/defined.ts';
import {
  type Batch,
  type BatchName,
  noRows,
  rowKinds,
  type Rows,
  sizeOf,
} from '../database/columns.ts';
import type { WriteOutcome } from './messages.ts';

/** Records of one batch, and messages of one turn of the loop. */
export const batchSize = 500;
const messagesPerTurn = 25;
/** A caller that records more before it returns to the event loop sends the oldest itself, batch by batch. */
const mostWaiting = 2 * batchSize;

/** What was recorded and has not left yet, in batches that are numbered in the order of what is in them. */
export type Outgoing = {
  /** A record that adds its rows when it leaves, or before anything else is added: off its caller's time. */
  later: (record: () => void) => void;
  /** Lets those that wait add their rows now. */
  settle: () => void;
  /** In one batch, so that all are written in one transaction. */
  add: (rows: Partial<Rows>) => void;
  /** In a batch of their own. */
  addOnce: (name: BatchName, rows: Rows) => void;
  /** Dispatches all of it now. */
  send(): void;
  /** Takes all of it, at the end of a process. */
  take(): readonly Batch[];
  /** The number of the last batch. */
  last(): number;
};

/** `afterMs`: how long a record waits for others, in milliseconds. */
export function createOutgoing(
  writer: string,
  afterMs: number,
  dispatch: (batch: Batch) => void,
): Outgoing {
  let unsettled: (() => void)[] = [];
  let waiting: Rows = noRows();
  /** Whole batches that leave before it; and how many records are in them. */
  let ready: Batch[] = [];
  let readySize = 0;
  let last = 0;
  let timer: NodeJS.Timeout | undefined;

  const put = (rows: Rows, once?: BatchName): void => {
    if (sizeOf(rows) === 0) return;
    last += 1;
    ready.push({ writer, number: last, ...rows, ...defined({ once }) });
    readySize += sizeOf(rows);
  };

  const settle = (): void => {
    const records = unsettled;
    unsettled = [];
    for (const record of records) record();
  };

  const gather = (): void => {
    settle();
    put(waiting);
    waiting = noRows();
  };

  const sendSome = (messages: number, records: number): void => {
    gather();
    while (messages > 0 && records > 0) {
      const first = ready.shift();
      if (first === undefined) return;
      readySize -= sizeOf(first);
      messages -= 1;
      records -= sizeOf(first);
      dispatch(first);
    }
  };

  const send = (): void => {
    clearTimeout(timer);
    timer = undefined;
    sendSome(Infinity, Infinity);
  };

  /** In turns of the loop: copying a batch to another thread may take a millisecond. */
  const sendInTurns = (): void => {
    sendSome(messagesPerTurn, batchSize);
    timer = ready.length > 0 ? setTimeout(sendInTurns, 1) : undefined;
  };

  // A message to another thread costs far more than a record: in a burst one in some hundred bears it.
  const sendSoon = (): void => {
    if (sizeOf(waiting) >= batchSize) gather();
    if (readySize >= mostWaiting) sendSome(1, Infinity);
    timer ??= setTimeout(sendInTurns, afterMs);
  };

  return {
    later(record) {
      unsettled.push(record);
      if (unsettled.length >= batchSize) settle();
      sendSoon();
    },
    settle,
    add(rows) {
      settle();
      for (const kind of rowKinds) for (const row of rows[kind] ?? []) waiting[kind].push(row);
      if (sizeOf(waiting) > 0) sendSoon();
    },
    addOnce(once, rows) {
      gather();
      put(rows, once);
      sendSoon();
    },
    send,
    take() {
      gather();
      const batches = ready;
      ready = [];
      return batches;
    },
    last: () => last,
  };
}

/** What has left and is not yet known to be safe, in order, and the counts of what is. */
export function createUnderway() {
  const counts = { written: 0, spooled: 0, lost: 0, refused: 0 };
  const entries = new Map<number, { size: number; batch?: Batch }>();
  let flushers: { through: number; resolve: () => void }[] = [];

  const resolveFlushers = (): void => {
    const [oldest = Infinity] = entries.keys();
    for (const flusher of flushers) if (flusher.through < oldest) flusher.resolve();
    flushers = flushers.filter(({ through }) => through >= oldest);
  };

  return {
    counts,
    entries,
    isEmpty: (): boolean => entries.size === 0,
    add(batch: Batch): void {
      entries.set(batch.number, { size: sizeOf(batch), batch });
    },
    /** False for what was settled before. */
    settle(number: number, outcome: WriteOutcome): boolean {
      const entry = entries.get(number);
      if (entry === undefined) return false;
      entries.delete(number);
      counts[outcome] += entry.size;
      if (flushers.length > 0) resolveFlushers();
      return true;
    },
    /** The worker is done with it: its rows are not needed any more. */
    letGo: (number: number): void => {
      delete entries.get(number)?.batch;
    },
    /** Resolves when all up to a number is settled. */
    async settled(through: number): Promise<void> {
      if (entries.size === 0) return;
      await new Promise<void>((resolve) => {
        flushers.push({ through, resolve });
      });
    },
  };
}
