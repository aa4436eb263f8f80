import { Worker } from 'node:worker_threads';
import { messageOf } from '../../domain/errors.ts';
import type { FromWorker, ToWorker } from './messages.ts';

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

/** What one answer may take of memory; beyond, the thread ends and the process does not. */
const resourceLimits = {
  maxOldGenerationSizeMb: 512,
  maxYoungGenerationSizeMb: 64,
  stackSizeMb: 4,
};

/** A thread that has not come up after this long will not. */
const startTimeoutMs = 15_000;
/** How long the next thread waits for the end of the last one. */
const endTimeoutMs = 2000;

type Thread = { worker: Worker; ready: boolean; used: boolean };

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
      thread?.worker.unref();
      return;
    }
    if (thread === undefined) {
      start();
      return;
    }
    if (!thread.ready) return;
    current = queue.shift();
    if (current === undefined) return;
    const job = current;
    thread.worker.ref();
    timer = setTimeout(() => {
      // An answer may be there already, where it was this thread that was busy.
      setImmediate(() => {
        if (current === job) timedOut(job);
      });
    }, job.timeoutMs);
    thread.worker.postMessage(job.message, []);
  }

  function start(): void {
    let worker: Worker;
    try {
      // Without our environment and flags. What it prints is not for the user's screen, and stays unread:
      // reading it would keep the process from ending.
      worker = new Worker(workerUrl, {
        env: {},
        execArgv: [],
        stdout: true,
        stderr: true,
        resourceLimits,
      });
    } catch (error) {
      for (const job of queue.splice(0)) job.settle(crashed(messageOf(error)));
      return;
    }
    const started: Thread = { worker, ready: false, used: false };
    thread = started;
    timer = setTimeout(() => died(started, 'it did not start in time'), startTimeoutMs);
    worker.on('message', (message: FromWorker<never>) => receive(started, message));
    worker.once('error', (error) => died(started, messageOf(error)));
    worker.once('exit', (code) => died(started, `it ended with ${code}`));
  }

  function receive(from: Thread, message: FromWorker<never>): void {
    if (thread !== from) return;
    if (message.type === 'ready') {
      clearTimeout(timer);
      from.ready = true;
      next();
      return;
    }
    const job = current;
    if (job === undefined) return;
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
    const dead = thread?.worker;
    thread = undefined;
    if (dead !== undefined) ending = end(dead);
  }

  async function end(dead: Worker): Promise<void> {
    let grace: NodeJS.Timeout | undefined;
    const graceOver = new Promise((resolve) => {
      grace = setTimeout(resolve, endTimeoutMs);
    });
    await Promise.race([dead.terminate(), graceOver]);
    clearTimeout(grace);
    ending = undefined;
    next();
  }

  function timedOut(job: Job): void {
    finish();
    endThread();
    job.settle({
      ok: false,
      reason: 'timed-out',
      message: `it took longer than ${job.timeoutMs / 1000} s`,
    });
  }

  /** Whatever an earlier answer left behind is not to be blamed on this one: it gets a new thread once. */
  function died(dead: Thread, why: string): void {
    if (thread !== dead) return;
    const job = current ?? (dead.ready ? undefined : queue.shift());
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
