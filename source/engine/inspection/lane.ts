import { messageOf } from '../../domain/errors.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { startThread, type Thread } from './thread.ts';

/** What became of a job; the value is known to whoever gave it. */
export type Outcome =
  | { ok: true; value: never }
  | { ok: false; reason: 'timed-out' | 'crashed' | 'stopped'; message: string };

export type Job = {
  message: ToWorker;
  /** From when the thread begins with it, in milliseconds. */
  timeoutMs: number;
  settle: (outcome: Outcome) => void;
  /** Whether it failed once already, in a thread that had seen other answers. */
  retried?: boolean;
};

/** A queue in front of one thread, which is started when there is work and anew after every failure. */
export type Lane = {
  add: (job: Job) => void;
  /** Ends a job before its time, wherever it is; does nothing to one that is over. */
  stop: (job: Job) => void;
  /** Ends the thread; what waits is `stopped`. */
  close: () => Promise<void>;
};

export function createLane(workerUrl: URL): Lane {
  const queue: Job[] = [];
  let thread: Thread | undefined;
  let current: Job | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** Until the last thread has ended: two never run side by side. */
  let ending: Promise<void> | undefined;

  function next(): void {
    if (current !== undefined || ending !== undefined) return;
    if (queue.length === 0) {
      thread?.rest();
      return;
    }
    thread ??= start();
    if (thread?.isReady() !== true) return;
    const job = queue.shift();
    if (job === undefined) return;
    current = job;
    timer = setTimeout(() => {
      // An answer may be there already, where it was this thread that was busy.
      setImmediate(() => {
        if (current === job) timedOut(job);
      });
    }, job.timeoutMs);
    thread.post(job.message);
  }

  function start(): Thread | undefined {
    try {
      const started = startThread(workerUrl, {
        ready: next,
        message: (message) => receive(started, message),
        died: (why) => died(started, why),
      });
      return started;
    } catch (error) {
      for (const job of queue.splice(0)) job.settle(crashed(messageOf(error)));
      return undefined;
    }
  }

  function receive(from: Thread, message: Exclude<FromWorker<never>, { type: 'ready' }>): void {
    const job = current;
    if (thread !== from || job === undefined) return;
    if (message.type === 'failed') {
      died(from, message.message);
      return;
    }
    finish();
    from.used = true;
    if (message.retire) endThread();
    job.settle({ ok: true, value: message.value });
    next();
  }

  function finish(): void {
    clearTimeout(timer);
    current = undefined;
  }

  function endThread(): void {
    const dead = thread;
    thread = undefined;
    if (dead === undefined) return;
    ending = goOnAfter(dead);
  }

  async function goOnAfter(dead: Thread): Promise<void> {
    await dead.end();
    ending = undefined;
    next();
  }

  function timedOut(job: Job): void {
    finish();
    endThread();
    const message = `it took longer than ${job.timeoutMs / 1000} s`;
    job.settle({ ok: false, reason: 'timed-out', message });
  }

  /** Whatever an earlier answer left behind is not to be blamed on this one: it gets a new thread once. */
  function died(dead: Thread, why: string): void {
    if (thread !== dead) return;
    const job = current ?? (dead.isReady() ? undefined : queue.shift());
    finish();
    endThread();
    if (job === undefined) return;
    if (!dead.used || job.retried === true) job.settle(crashed(why));
    else {
      job.retried = true;
      queue.unshift(job);
    }
  }

  const lane: Lane = {
    add(job) {
      queue.push(job);
      next();
    },
    stop(job) {
      const place = queue.indexOf(job);
      if (place !== -1) queue.splice(place, 1);
      else if (current === job) {
        finish();
        endThread();
      } else return;
      job.settle({ ok: false, reason: 'stopped', message: 'the run was stopped' });
    },
    async close() {
      for (const job of [...queue, ...(current === undefined ? [] : [current])]) lane.stop(job);
      endThread();
      await ending;
    },
  };
  return lane;
}

function crashed(why: string): Outcome {
  return { ok: false, reason: 'crashed', message: why };
}
