import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../domain/runtime.ts';
import type { TelemetryError } from '../../domain/errors.ts';
import type { SharedRun } from '../../domain/shared-run.ts';
import { type IdHider, idHiderFor } from '../address/hidden-ids.ts';
import { serverAddress } from '../address/server-address.ts';
import { daySeconds } from '../sums/time.ts';
import { createKeeping } from '../write/keeping.ts';
import type { FromWorker, ToWorker, WorkerStart } from '../write/messages.ts';
import { type Batch, sizeOf } from '../database/columns.ts';
import { openSpool } from '../write/spool.ts';
import { checkServer } from './check.ts';
import { createConnector, type ConnectorOptions } from './connector.ts';
import { classifyServer } from './failure.ts';
import { showRun } from './live-runs.ts';
import { rollUp } from './roll.ts';
import type { RollLimits } from './roll-periods.ts';
import { prepareMonths, writeBatches } from './write-batches.ts';

/** How long records wait here for others that go with them, in milliseconds; the longer wait is the caller's. */
const lingerMs = 5;
/** How long what waits in spools is written before the sums and what is new get their turn, in milliseconds. */
const drainMs = 100;
/** A server that does not take records in so many milliseconds is left alone; they wait in the spool. */
const writeMs = 2000;
/** How long a server that failed is left alone, in milliseconds: from this up to twice as long. */
const retryAfterMs = 500;
/** How often a spool is looked for, in milliseconds. */
export const maintainEveryMs = 1000;
/** How often sums are brought forward while there is anything to write, in milliseconds, about. */
const rollEveryMs = 3000;
/** How long closing may take, and how long whoever must know all that is recorded waits, in milliseconds. */
const closingMs = 2000;
const takingInMs = 4000;
/** Records and batches of one statement. */
const mostRecords = 10_000;
const mostBatches = 1000;
/** Partitions are made so far ahead, in seconds. */
const monthsAhead = 100 * daySeconds;

/** What the worker thread of a history on a server does, apart from being one. */
export type ServerWriting = {
  receive(message: ToWorker): void;
  /** Looks after what waits in spools, and the sums. */
  maintain(): void;
};

export type ServerWritingOptions = Partial<
  Pick<ConnectorOptions, 'environment' | 'connectMs' | 'statementMs'>
> & { now?: Clock; lingerMs?: number; rollLimits?: Partial<RollLimits>; random?: () => number };

export function startServerWriting(
  { path, writer, done }: WorkerStart,
  send: (message: FromWorker) => void,
  options: ServerWritingOptions = {},
): ServerWriting {
  const { now = () => Date.now() / 1000, random = Math.random } = options;
  const linger = options.lingerMs ?? lingerMs;
  const address = serverAddress(path);
  const { label, schema } = address;
  const check: ConnectorOptions['check'] = (session) =>
    checkServer(session, address, options.environment, 'writing');
  const shared = { ...options, address, doing: 'writing', check } as const;
  const connector = createConnector({ statementMs: writeMs, ...shared });
  // Apart, so that records do not wait for it.
  const roller = createConnector({ ...shared, statementMs: 60_000 });
  // Where its secret cannot be used it throws, and all stays here.
  const hiderOf = (): IdHider | undefined => idHiderFor(address, options.environment);
  const spool = openSpool({ path, writer, thread: 'worker' });
  const doneCount = new Int32Array(done);
  const keeping = createKeeping({ place: label, remedy: 'free some space', writer, spool, send });
  let trouble: { failure: TelemetryError; until: number } | undefined;
  let waiting: Batch[] = [];
  const shown = new Map<string, SharedRun>();
  let canShow = true;
  let rolling: Promise<void> | undefined;
  let rollAt = 0;
  let hasWritten = true;
  let monthsUntil = -Infinity;
  let hasSpool = true;
  let turn: Promise<void> | undefined;
  let closeBy: number | undefined;
  let hasClosed = false;
  let takeInBy: number | undefined;

  const leaveAlone = (failure: TelemetryError): void => {
    trouble = { failure, until: performance.now() + retryAfterMs * (1 + random()) };
  };

  const attempt = async (action: () => Promise<void>): Promise<TelemetryError | undefined> => {
    if (trouble !== undefined && performance.now() < trouble.until) return trouble.failure;
    try {
      await action();
      trouble = undefined;
      return undefined;
    } catch (error) {
      const failure = classifyServer(error, label, 'writing');
      leaveAlone(failure);
      return failure;
    }
  };

  const put = async (batches: readonly Batch[]): Promise<void> => {
    await connector.use((session) => writeBatches(session, schema, batches, hiderOf()));
    hasWritten = true;
  };

  const writeWaiting = async (): Promise<void> => {
    const batches: Batch[] = [];
    let records = 0;
    while (records < mostRecords && batches.length < mostBatches) {
      const [next] = waiting;
      if (next === undefined) break;
      records += sizeOf(next);
      batches.push(next);
      waiting = waiting.slice(1);
    }
    const failure = await attempt(() => put(batches));
    hasSpool ||= failure !== undefined;
    for (const batch of batches) {
      const outcome = failure === undefined ? 'written' : keeping.keep(batch, failure);
      send({ type: 'done', number: batch.number, outcome });
    }
    Atomics.add(doneCount, 0, batches.length);
  };

  /** Takes what waits in spools, as long as nothing newer waits. */
  const drain = async (until: number): Promise<void> => {
    await attempt(async () => {
      let hasMore = false;
      const isEnough = (): boolean => (hasMore = performance.now() >= until || waiting.length > 0);
      const options = { together: mostBatches / 5, isEnough, ...keeping.hears };
      for (const batches of spool.waiting(options)) {
        await put(batches);
        keeping.countDrained(batches);
      }
      hasSpool = hasMore;
    });
  };

  const isClosing = (): boolean => closeBy !== undefined;

  /** Shows the latest of each run; what cannot be told now is told later, unless there is newer. */
  const showRuns = async (): Promise<void> => {
    const isDue = trouble === undefined || isClosing();
    for (const run of isDue ? [...shown.values()] : []) {
      try {
        await connector.use((session) => showRun(session, schema, hiderOf()?.run(run) ?? run));
        if (shown.get(run.projectId) === run) shown.delete(run.projectId);
      } catch (error) {
        const failure = classifyServer(error, label, 'writing');
        if (failure.code === 'offline' || failure.code === 'locked') leaveAlone(failure);
        // A history that was made by an older program has no place for it.
        else canShow = false;
        break;
      }
    }
    if (!canShow) shown.clear();
  };

  const roll = (): void => {
    if (rolling !== undefined || !hasWritten || performance.now() < rollAt) return;
    hasWritten = false;
    rollAt = performance.now() + rollEveryMs * (0.5 + random());
    rolling = (async () => {
      if (now() > monthsUntil - monthsAhead / 2) {
        monthsUntil = now() + monthsAhead;
        const months = [now(), monthsUntil];
        await roller.use((session) => prepareMonths(session, schema, months));
      }
      const limits = options.rollLimits ?? {};
      while (!isClosing() && (await rollUp(roller, { now, limits })));
    })()
      // Its failure is not the records' failure: readers do without.
      .catch(() => undefined)
      .finally(() => (rolling = undefined));
  };

  const work = async (): Promise<void> => {
    if (closeBy === undefined && takeInBy === undefined) await wait(linger);
    while (waiting.length > 0) await writeWaiting();
    // What others see is no reason to end later.
    if (closeBy === undefined) await showRuns();
    else await Promise.race([showRuns(), wait(Math.max(0, closeBy - performance.now()))]);
    if (hasSpool && trouble === undefined) await drain(performance.now() + drainMs);
    if (takeInBy !== undefined && (!hasSpool || trouble !== undefined || isPast(takeInBy))) {
      takeInBy = undefined;
      send({ type: 'taken-in' });
    }
    if (closeBy === undefined) {
      roll();
      return;
    }
    if (waiting.length > 0 || (hasSpool && trouble === undefined && !isPast(closeBy))) return;
    hasClosed = true;
    await connector.close();
    send({ type: 'closed' });
  };

  const workOn = (): void => {
    if (turn !== undefined || hasClosed) return;
    turn = work().finally(() => {
      turn = undefined;
      const isBusy =
        waiting.length > 0 ||
        (shown.size > 0 && trouble === undefined) ||
        takeInBy !== undefined ||
        closeBy !== undefined ||
        (hasSpool && trouble === undefined);
      if (isBusy) workOn();
    });
  };

  return {
    receive(message) {
      if (message.type === 'batch') waiting.push(message.batch);
      else if (message.type === 'show') shown.set(message.run.projectId, message.run);
      else if (message.type === 'take-in') {
        takeInBy = performance.now() + takingInMs;
        hasSpool = true;
        trouble = undefined;
      } else closeBy = performance.now() + closingMs;
      workOn();
    },
    maintain() {
      hasSpool = true;
      if (trouble !== undefined && performance.now() >= trouble.until) trouble = undefined;
      if (trouble === undefined) workOn();
    },
  };
}

const isPast = (time: number): boolean => performance.now() >= time;
