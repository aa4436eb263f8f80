import { Worker } from 'node:worker_threads';
import { messageOf } from '../../domain/errors.ts';
import type { FromWorker, ToWorker } from './messages.ts';

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

/** One worker thread. */
export type Thread = {
  readonly isReady: () => boolean;
  /** Whether it has seen an answer that is over. */
  used: boolean;
  /** Gives it work, and keeps the process from ending meanwhile. */
  post: (message: ToWorker) => void;
  /** It has no work: the process may end. */
  rest: () => void;
  /** Resolves when it has ended, or after a while. */
  end: () => Promise<void>;
};

export type AnswerOfThread = Exclude<FromWorker<never>, { type: 'ready' }>;

/** A place for one thread: two never run side by side. */
export type ThreadSlot = {
  /** Its thread, started where there is none; undefined while the last one ends. Throws where none can start. */
  thread: () => Thread | undefined;
  rest: () => void;
  /** Ends its thread, where there is one; resolves when the last one has ended. */
  end: () => Promise<void>;
};

/** A thread emits nothing after its end. */
export function createThreadSlot(
  url: URL,
  on: {
    /** A thread can be had, or is ready for its work. */
    free: () => void;
    answered: (thread: Thread, message: AnswerOfThread) => void;
    died: (thread: Thread, why: string) => void;
  },
): ThreadSlot {
  let current: Thread | undefined;
  let ending: Promise<void> | undefined;

  function start(): Thread {
    const thread = startThread(url, {
      ready: () => current === thread && on.free(),
      message: (message) => current === thread && on.answered(thread, message),
      died: (why) => current === thread && on.died(thread, why),
    });
    return thread;
  }

  async function endOf(thread: Thread): Promise<void> {
    await thread.end();
    ending = undefined;
    on.free();
  }

  return {
    thread() {
      if (ending === undefined) current ??= start();
      return current;
    },
    rest: () => current?.rest(),
    async end() {
      const last = current;
      current = undefined;
      if (last !== undefined) ending = endOf(last);
      await ending;
    },
  };
}

/** Throws where none can be started. Callbacks come later, and may come after its end. */
function startThread(
  url: URL,
  on: {
    ready: () => unknown;
    message: (message: AnswerOfThread) => unknown;
    /** It died, or did not come up. */
    died: (why: string) => unknown;
  },
): Thread {
  // Without our environment and flags. What it prints is not for the user's screen, and stays unread:
  // reading it would keep the process from ending.
  const worker = new Worker(url, {
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits,
  });
  let ready = false;
  const timer = setTimeout(() => on.died('it did not start in time'), startTimeoutMs);
  worker.on('message', (message: FromWorker<never>) => {
    if (message.type !== 'ready') {
      on.message(message);
      return;
    }
    clearTimeout(timer);
    ready = true;
    on.ready();
  });
  worker.once('error', (error) => on.died(messageOf(error)));
  worker.once('exit', (code) => on.died(`it ended with ${code}`));

  return {
    isReady: () => ready,
    used: false,
    post(message) {
      worker.ref();
      worker.postMessage(message, []);
    },
    rest: () => worker.unref(),
    async end() {
      clearTimeout(timer);
      let grace: NodeJS.Timeout | undefined;
      const graceOver = new Promise((resolve) => {
        grace = setTimeout(resolve, endTimeoutMs);
      });
      await Promise.race([worker.terminate(), graceOver]);
      clearTimeout(grace);
    },
  };
}
