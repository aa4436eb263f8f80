import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers';
import type { RunEvent } from '../../domain/run-event.ts';

/**
 * Time in the simulator. Answers are given in the order in which they are due there, each only once the
 * run waits for answers and nothing else: then what happens depends on the questions alone, and on nothing
 * that this machine does meanwhile.
 */
export type Turns = {
  /** A question has come; `answer` is called when its turn is. Returns what takes it back. */
  arrive(question: { latencyMs: number; key: number; answer: () => void }): () => void;
  /** Takes every event of the run, as it happens. */
  take(event: RunEvent): void;
  /** A task has come to its end, with a result or without. */
  settle(taskId: string): void;
  /** So many calls wait until others give money back. */
  waitForMoney(calls: number): void;
  /** Milliseconds since the beginning, in the simulator's time. */
  elapsedMs(): number;
};

type Waiting = { dueMs: number; key: number; answer: () => void };

/** How long nothing may happen before tasks are assumed to wait for something that has no event. */
const stalledMs = 20_000;
/** Turns of the event loop in which whatever an event leads to has begun. */
const settlingTurns = 3;

/** `pace` is how many real milliseconds one of the simulator takes at least; 0: none. */
export function createTurns({ pace }: { pace: () => number }): Turns {
  const waiting = new Set<Waiting>();
  const working = createWorking();
  let nowMs = 0;
  /** When the simulator's time began to be what it is, in real time. */
  let movedAt = performance.now();
  let looking: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout | undefined;

  const isQuiet = (): boolean => working.isWaitingFor(waiting.size);

  const release = (): void => {
    timer = undefined;
    const next = firstOf(waiting);
    if (next === undefined || !isQuiet()) {
      look();
      return;
    }
    waiting.delete(next);
    nowMs = Math.max(nowMs, next.dueMs);
    movedAt = performance.now();
    next.answer();
    look();
  };

  const park = (): void => {
    working.park();
    look();
  };

  /** Looks once everything that has been said has led to what it leads to. */
  function look(turn = 0): void {
    if (looking !== undefined) return;
    clearTimeout(timer);
    timer = undefined;
    looking = setImmediate(() => {
      looking = undefined;
      if (waiting.size === 0) return;
      if (!isQuiet()) timer = setTimeout(park, stalledMs).unref();
      else if (turn < settlingTurns) look(turn + 1);
      else {
        const dueIn =
          ((firstOf(waiting)?.dueMs ?? 0) - nowMs) * pace() - (performance.now() - movedAt);
        if (dueIn < 1) release();
        else timer = setTimeout(release, dueIn);
      }
    });
  }

  const news = (): void => {
    // From the beginning: something else may follow from it.
    if (looking !== undefined) clearImmediate(looking);
    looking = undefined;
    look();
  };

  return {
    arrive({ latencyMs, key, answer }) {
      const one = { dueMs: nowMs + latencyMs, key, answer };
      waiting.add(one);
      news();
      return () => {
        waiting.delete(one);
        news();
      };
    },
    take(event) {
      if (working.take(event)) news();
    },
    settle(taskId) {
      working.settle(taskId);
      news();
    },
    waitForMoney(calls) {
      working.waitForMoney(calls);
      news();
    },
    elapsedMs: () => nowMs,
  };
}

/** The one that is due first. */
function firstOf(waiting: Iterable<Waiting>): Waiting | undefined {
  let next: Waiting | undefined;
  for (const one of waiting) {
    const isEarlier =
      next === undefined ||
      one.dueMs < next.dueMs ||
      (one.dueMs === next.dueMs && one.key < next.key);
    if (isEarlier) next = one;
  }
  return next;
}

/** Which tasks are worked at, as the run's events tell, and which of them wait. */
function createWorking() {
  /** Requests under way of each task that is worked at; those that belong to none are under ''. */
  const open = new Map<string, number>();
  /** Tasks that wait for something else than an answer. */
  const parked = new Set<string>();
  let waitingForMoney = 0;
  return {
    /** Whether everybody waits for one of so many answers, and nothing else goes on. */
    isWaitingFor(answers: number): boolean {
      let requests = 0;
      let busy = -waitingForMoney;
      for (const [task, count] of open) {
        if (count === 0 && task !== '' && !parked.has(task)) busy += 1;
        requests += count;
      }
      if (busy > 0) return false;
      // Whoever reports no events is answered at once.
      return answers >= Math.max(1, requests);
    },
    /** Assumes of all that ask nothing that they wait for something that has no event. */
    park(): void {
      for (const [task, count] of open) if (count === 0 && task !== '') parked.add(task);
    },
    /** Whether an event changes anything here. */
    take(event: RunEvent): boolean {
      if (event.type === 'task-started') {
        open.set(event.taskId, 0);
      } else if (event.type === 'call-started') {
        const task = event.taskId ?? '';
        open.set(task, (open.get(task) ?? 0) + 1);
        parked.delete(task);
      } else if (event.type === 'call-finished') {
        const task = event.taskId ?? '';
        const count = open.get(task);
        if (count !== undefined) open.set(task, Math.max(0, count - 1));
      } else if (event.type === 'run-finished') {
        open.clear();
      } else return false;
      return true;
    },
    settle(taskId: string): void {
      open.delete(taskId);
      parked.delete(taskId);
    },
    waitForMoney(calls: number): void {
      waitingForMoney = calls;
    },
  };
}
