import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../domain/runtime.ts';
import type { TelemetryError } from '../../domain/errors.ts';
import type { SharedRun } from '../../domain/shared-run.ts';
import { type IdHider, idHiderFor } from '../address/hidden-ids.ts';
import { serverAddress } from '../address/server-address.ts';
import { createKeeping } from '../write/keeping.ts';
import type { FromWorker, ToWorker, WorkerStart } from '../write/messages.ts';
import { type Batch, sizeOf } from '../database/columns.ts';
import { openSpool } from '../write/spool.ts';
import { checkServer } from './check.ts';
import { type Connector, createConnector, type ConnectorOptions } from './connector.ts';
import { classifyServer } from './failure.ts';
import { showRun } from './live-runs.ts';
import { createRolling } from './roll.ts';
import type { RollLimits } from './roll-periods.ts';
import { writeBatches } from './write-batches.ts';

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
/** How long closing may take, and how long whoever must know all that is recorded waits, in milliseconds. */
const closingMs = 2000;
const takingInMs = 4000;
/** Records and batches of one statement. */
const mostRecords = 10_000;
const mostBatches = 1000;
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
  start: WorkerStart,
  send: (message: FromWorker) => void,
  options: ServerWritingOptions = {},
): ServerWriting {
  const { now = () => Date.now() / 1000, random = Math.random } = options;
  const linger = options.lingerMs ?? lingerMs;
  const address = serverAddress(start.path);
  const { label, schema } = address;
  const check: ConnectorOptions['check'] = (session) =>
    checkServer(session, address, options.environment, 'writing');
  const shared = { ...options, address, doing: 'writing', check } as const;
  const connector = createConnector({ statementMs: writeMs, ...shared });
  // Apart, so that records do not wait for it.
  const roller = createConnector({ ...shared, statementMs: 60_000 });
  // Where its secret cannot be used it throws, and all stays here.
  const hiderOf = (): IdHider | undefined => idHiderFor(address, options.environment);
  const server: Server = {
    label,
    schema,
    connector,
    hiderOf,
    trouble: createTrouble(label, random),
  };
  const { trouble } = server;
  const limits = options.rollLimits ?? {};
  const rolling = createRolling({ roller, schema, now, random, limits, isOver: () => isClosing() });
  const records = createRecords(start, server, send, rolling.noteWritten);
  const runs = createShownRuns(server);
  let turn: Promise<void> | undefined;
  let closeBy: number | undefined;
  let hasClosed = false;
  let takeInBy: number | undefined;

  const isClosing = (): boolean => closeBy !== undefined;
  const canDrain = (): boolean => records.hasSpool() && !trouble.isThere();

  const work = async (): Promise<void> => {
    if (closeBy === undefined && takeInBy === undefined) await wait(linger);
    while (records.areWaiting()) await records.write();
    // What others see is no reason to end later.
    if (closeBy === undefined) await runs.show(isClosing);
    else await Promise.race([runs.show(isClosing), wait(Math.max(0, closeBy - performance.now()))]);
    if (canDrain()) await records.drain(performance.now() + drainMs);
    if (takeInBy !== undefined && (!canDrain() || isPast(takeInBy))) {
      takeInBy = undefined;
      send({ type: 'taken-in' });
    }
    if (closeBy === undefined) {
      rolling.roll();
      return;
    }
    if (records.areWaiting() || (canDrain() && !isPast(closeBy))) return;
    hasClosed = true;
    await connector.close();
    send({ type: 'closed' });
  };

  const workOn = (): void => {
    if (turn !== undefined || hasClosed) return;
    turn = work().finally(() => {
      turn = undefined;
      const isBusy =
        records.areWaiting() ||
        (runs.areWaiting() && !trouble.isThere()) ||
        takeInBy !== undefined ||
        isClosing() ||
        canDrain();
      if (isBusy) workOn();
    });
  };

  return {
    receive(message) {
      if (message.type === 'batch') records.add(message.batch);
      else if (message.type === 'show') runs.add(message.run);
      else if (message.type === 'take-in') {
        takeInBy = performance.now() + takingInMs;
        records.lookForSpool();
        trouble.forget();
      } else closeBy = performance.now() + closingMs;
      workOn();
    },
    maintain() {
      records.lookForSpool();
      if (trouble.isOver()) trouble.forget();
      if (!trouble.isThere()) workOn();
    },
  };
}

type Server = {
  label: string;
  schema: string;
  connector: Connector;
  hiderOf: () => IdHider | undefined;
  trouble: ReturnType<typeof createTrouble>;
};

/** A server that failed is left alone for a while. */
function createTrouble(label: string, random: () => number) {
  let trouble: { failure: TelemetryError; until: number } | undefined;

  const note = (failure: TelemetryError): void => {
    trouble = { failure, until: performance.now() + retryAfterMs * (1 + random()) };
  };

  return {
    note,
    isThere: (): boolean => trouble !== undefined,
    isOver: (): boolean => trouble !== undefined && isPast(trouble.until),
    forget(): void {
      trouble = undefined;
    },
    /** What kept an action from being done; undefined where it was. */
    async attempt(action: () => Promise<void>): Promise<TelemetryError | undefined> {
      if (trouble !== undefined && !isPast(trouble.until)) return trouble.failure;
      try {
        await action();
        trouble = undefined;
        return undefined;
      } catch (error) {
        const failure = classifyServer(error, label, 'writing');
        note(failure);
        return failure;
      }
    },
  };
}

/** The records on their way to a server: those that wait here, and those in spools. */
function createRecords(
  { path, writer, done }: WorkerStart,
  { label, schema, connector, hiderOf, trouble }: Server,
  send: (message: FromWorker) => void,
  onWritten: () => void,
) {
  const spool = openSpool({ path, writer, thread: 'worker' });
  const doneCount = new Int32Array(done);
  const keeping = createKeeping({ place: label, remedy: 'free some space', writer, spool, send });
  let waiting: Batch[] = [];
  let hasSpool = true;

  const put = async (batches: readonly Batch[]): Promise<void> => {
    await connector.use((session) => writeBatches(session, schema, batches, hiderOf()));
    onWritten();
  };

  return {
    add(batch: Batch): void {
      waiting.push(batch);
    },
    areWaiting: (): boolean => waiting.length > 0,
    hasSpool: (): boolean => hasSpool,
    /** There may be something in spools, from here on. */
    lookForSpool(): void {
      hasSpool = true;
    },
    /** Writes what waits here, as far as it goes into one statement. */
    async write(): Promise<void> {
      const batches: Batch[] = [];
      let records = 0;
      while (records < mostRecords && batches.length < mostBatches) {
        const [next] = waiting;
        if (next === undefined) break;
        records += sizeOf(next);
        batches.push(next);
        waiting = waiting.slice(1);
      }
      const failure = await trouble.attempt(() => put(batches));
      hasSpool ||= failure !== undefined;
      for (const batch of batches) {
        const outcome = failure === undefined ? 'written' : keeping.keep(batch, failure);
        send({ type: 'done', number: batch.number, outcome });
      }
      Atomics.add(doneCount, 0, batches.length);
    },
    /** Takes what waits in spools, as long as nothing newer waits. */
    async drain(until: number): Promise<void> {
      await trouble.attempt(async () => {
        let hasMore = false;
        const isEnough = (): boolean => (hasMore = isPast(until) || waiting.length > 0);
        const options = { together: mostBatches / 5, isEnough, ...keeping.hears };
        for (const batches of spool.waiting(options)) {
          await put(batches);
          keeping.countDrained(batches);
        }
        hasSpool = hasMore;
      });
    },
  };
}

/** The runs that others are to see, the latest of each. */
function createShownRuns({ label, schema, connector, hiderOf, trouble }: Server) {
  const shown = new Map<string, SharedRun>();
  let canShow = true;
  return {
    add(run: SharedRun): void {
      shown.set(run.projectId, run);
    },
    areWaiting: (): boolean => shown.size > 0,
    /** What cannot be told now is told later, unless there is newer. */
    async show(isClosing: () => boolean): Promise<void> {
      const isDue = !trouble.isThere() || isClosing();
      for (const run of isDue ? [...shown.values()] : []) {
        try {
          await connector.use((session) => showRun(session, schema, hiderOf()?.run(run) ?? run));
          if (shown.get(run.projectId) === run) shown.delete(run.projectId);
        } catch (error) {
          const failure = classifyServer(error, label, 'writing');
          if (failure.code === 'offline' || failure.code === 'locked') trouble.note(failure);
          // A history that was made by an older program has no place for it.
          else canShow = false;
          break;
        }
      }
      if (!canShow) shown.clear();
    },
  };
}

const isPast = (time: number): boolean => performance.now() >= time;
