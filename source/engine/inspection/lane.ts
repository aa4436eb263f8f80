import { messageOf } from '../../domain/errors.ts';
import type { ToWorker } from './messages.ts';
import { createThreadSlot, type AnswerOfThread, type Thread } from './thread.ts';

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
  const slot = createThreadSlot(workerUrl, { free: next, answered, died });
  let current: Job | undefined;
  let timer: NodeJS.Timeout | undefined;

  function next(): void {
    if (current !== undefined) return;
    if (queue.length === 0) {
      slot.rest();
      return;
    }
    const thread = threadOrNone();
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

  function threadOrNone(): Thread | undefined {
    try {
      return slot.thread();
    } catch (error) {
      for (const job of queue.splice(0)) job.settle(crashed(messageOf(error)));
      return undefined;
    }
  }

  function answered(thread: Thread, message: AnswerOfThread): void {
    const job = current;
    if (job === undefined) return;
    if (message.type === 'failed') {
      died(thread, message.message);
      return;
    }
    finish();
    thread.used = true;
    if (message.retire) void slot.end();
    job.settle({ ok: true, value: message.value });
    next();
  }

  function finish(): void {
    clearTimeout(timer);
    current = undefined;
  }

  function timedOut(job: Job): void {
    finish();
    void slot.end();
    job.settle(timedOutAfter(job.timeoutMs));
  }

  function died(dead: Thread, why: string): void {
    const job = current ?? (dead.isReady() ? undefined : queue.shift());
    finish();
    void slot.end();
    if (job === undefined) return;
    if (mayTryAgain(job, dead)) queue.unshift(job);
    else job.settle(crashed(why));
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
        void slot.end();
      } else return;
      job.settle({ ok: false, reason: 'stopped', message: 'the run was stopped' });
    },
    async close() {
      for (const job of [...queue, ...(current === undefined ? [] : [current])]) lane.stop(job);
      await slot.end();
    },
  };
  return lane;
}

function crashed(why: string): Outcome {
  return { ok: false, reason: 'crashed', message: why };
}

/** Whatever an earlier answer left behind is not to be blamed on this one: it gets a new thread once. */
function mayTryAgain(job: Job, dead: Thread): boolean {
  if (!dead.used || job.retried === true) return false;
  job.retried = true;
  return true;
}

const timedOutAfter = (ms: number): Outcome => ({
  ok: false,
  reason: 'timed-out',
  message: `it took longer than ${ms / 1000} s`,
});
