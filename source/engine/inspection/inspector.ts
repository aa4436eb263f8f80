import { onAbort } from '../../domain/abort.ts';
import { messageOf } from '../../domain/errors.ts';
import { workerUrl } from '../../files/worker-url.ts';
import type { InputOf, OperationName, OutputOf, SynchronousRegistry } from './contract.ts';
import { createLane, type Job } from './lane.ts';
import { lightOperations } from './light-operations.ts';

/** Why there is no result: it took too long, the thread died of it, or the run was stopped. */
export type InspectionFailure = {
  ok: false;
  reason: 'timed-out' | 'crashed' | 'stopped';
  /** What follows "because", without a full stop. */
  message: string;
};

export type Inspection<Output> = { ok: true; value: Output } | InspectionFailure;

export type InspectOptions = {
  /** From when it is begun, in milliseconds; each operation has a limit of its own. */
  timeoutMs?: number;
  /** Ends it before its time. */
  signal?: AbortSignal | undefined;
};

/** Asks one of the operations about an answer. Never rejects, and never takes this thread's time. */
export type Inspect = <Name extends OperationName>(
  operation: Name,
  input: InputOf<Name>,
  options?: InspectOptions,
) => Promise<Inspection<OutputOf<Name>>>;

export type Inspector = {
  inspect: Inspect;
  /** Ends its threads; they keep no process from ending by themselves. */
  close: () => Promise<void>;
};

/** Milliseconds that an answer may take; ordinary ones take less than a hundredth. */
const usualTimeoutMs = 2000;
const timeoutsMs: Partial<Record<OperationName, number>> = { matches: 1000, syntax: 3000 };

/**
 * Texts up to this many characters are looked at in place by the light operations: quicker than another
 * thread would be, and no time worth mentioning even where one of them were quadratic.
 */
const longestInPlace = 8000;

/**
 * Looks into models' answers on threads of their own, which can be ended: one for the parsers of code,
 * which are WebAssembly and must not run twice at once, and one for everything else.
 */
export function createInspector(options: { workerUrl?: URL } = {}): Inspector {
  const { workerUrl: url = workerUrl('inspection-worker') } = options;
  const texts = createLane(url);
  const parsers = createLane(url);

  return {
    inspect(operation, input, { timeoutMs, signal } = {}) {
      const run = inPlace[operation];
      if (run !== undefined && sizeOf(input) <= longestInPlace) {
        return Promise.resolve(attempt(() => run(input)));
      }
      const lane = operation === 'syntax' ? parsers : texts;
      return new Promise((resolve) => {
        let off: (() => void) | undefined;
        let over = false;
        const job: Job = {
          message: { operation, input },
          timeoutMs: timeoutMs ?? timeoutsMs[operation] ?? usualTimeoutMs,
          settle(outcome) {
            over = true;
            off?.();
            resolve(outcome);
          },
        };
        lane.add(job);
        // Cancellation may come at once, before there is anything to unsubscribe.
        off = onAbort(signal, () => lane.stop(job));
        if (over) off?.();
      });
    },
    async close() {
      await Promise.all([texts.close(), parsers.close()]);
    },
  };
}

const inPlace: Partial<SynchronousRegistry<OperationName>> = lightOperations;

function attempt<Output>(run: () => Output): Inspection<Output> {
  try {
    return { ok: true, value: run() };
  } catch (error) {
    return { ok: false, reason: 'crashed', message: messageOf(error) };
  }
}

/** Characters of the texts in an input. */
function sizeOf(input: object): number {
  let size = 0;
  for (const value of Object.values(input)) if (typeof value === 'string') size += value.length;
  return size;
}
