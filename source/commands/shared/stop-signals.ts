import process from 'node:process';
import { exitCodes, type ExitCode } from '../../domain/errors.ts';

const exitCodeOf = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.hangup,
} as const satisfies Partial<Record<NodeJS.Signals, ExitCode>>;

type StopSignal = keyof typeof exitCodeOf;
const stopSignals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export type StopSignals = {
  /** Aborted at the first signal: finish what can be kept. */
  signal: AbortSignal;
  /** How the process is to end, once a signal has come. */
  exitCode(): ExitCode | undefined;
  dispose(): void;
};

/**
 * The first signal asks for an orderly end; a second one leaves at once, which loses nothing that was
 * acknowledged: the journal and the database survive the death of the process.
 */
export function listenForStop(onFirst: (name: StopSignal) => void): StopSignals {
  const controller = new AbortController();
  let received: StopSignal | undefined;
  const receive = (name: StopSignal) => {
    if (received !== undefined) process.exit(exitCodeOf[name]);
    received = name;
    onFirst(name);
    controller.abort();
  };
  const listeners = stopSignals.map((name) => ({ name, listener: () => receive(name) }));
  for (const { name, listener } of listeners) process.on(name, listener);
  return {
    signal: controller.signal,
    exitCode: () => (received === undefined ? undefined : exitCodeOf[received]),
    dispose() {
      for (const { name, listener } of listeners) process.off(name, listener);
    },
  };
}
