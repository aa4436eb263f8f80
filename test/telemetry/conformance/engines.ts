import { join } from 'node:path';
import type { HistoryEngine } from '../../../source/telemetry/engine.ts';
import { openTelemetryStore, type TelemetryStore } from '../../../source/telemetry/index.ts';
import { sqliteEngine } from '../../../source/telemetry/sqlite/engine.ts';
import { onTestFinished } from 'vitest';
import { summingUp } from '../../../bench/support/looks.ts';
import { temporaryDirectory } from '../support.ts';

/** A history to be written to and read from, whatever keeps it. */
export type Subject = {
  path: string;
  store(now?: () => number): TelemetryStore;
  engine(): HistoryEngine;
  /** A step of whatever it sums up of the past. */
  sumUp(): void;
};

/** Every engine that is there; another is a line here. */
export const engines: { name: string; create: () => Subject }[] = [
  {
    name: 'sqlite',
    create() {
      const path = join(temporaryDirectory(), 'telemetry.db');
      const sums = summingUp(path);
      onTestFinished(sums.close);
      return {
        path,
        sumUp: sums.step,
        store: (now) => openTelemetryStore({ path, ...(now === undefined ? {} : { now }) }),
        engine: () => sqliteEngine(path, { busyTimeoutMs: 2000 }),
      };
    },
  },
];
