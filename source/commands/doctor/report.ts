import type { ProviderKey } from '../../providers/index.ts';
import type { HistoryStatus } from '../../telemetry/index.ts';
import type { PathReport } from './paths.ts';

/** All that `orchestrator doctor` finds; the JSON of `--json` is this object. */
export type DoctorReport = {
  /** Whether nothing stands in the way of a run. */
  ok: boolean;
  program: { version: string; node: string; platform: string };
  paths: readonly PathReport[];
  /** Never a key itself: only whether there is one, and in which variable. */
  keys: readonly ProviderKey[];
  configuration: {
    /** The file in force; null: everything is default. */
    file: string | null;
    /** Whether all of it counts; null without a file. */
    trusted: boolean | null;
    /** False where there is one with a mistake in it: nothing of it counts. */
    usable: boolean;
  };
  history: HistoryStatus;
  prices: {
    models: number;
    /** Of those with a key, or that need none. */
    usable: number;
    /** Usable, and without a known price: not used. */
    unpriced: readonly string[];
    /** Usable ids, and the entry of the price list that each was matched with; null: a price of yours. */
    pricedAs: Readonly<Record<string, string | null>>;
  };
  terminal: {
    isTerminal: boolean;
    columns: number | null;
    rows: number | null;
    colours: number;
    unicode: boolean;
    screenReader: boolean;
  };
  openTelemetry: {
    /** Whether the environment says where to send. */
    wanted: boolean;
    /** Whether an SDK is there that sends. */
    installed: boolean;
  };
  problems: readonly DoctorProblem[];
};

/** One sentence that ends in the remedy. A `stop` keeps a run from starting, or from being recorded. */
export type DoctorProblem = { severity: 'stop' | 'warning'; message: string };
