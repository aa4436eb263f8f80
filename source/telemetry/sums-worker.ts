import { parentPort, workerData } from 'node:worker_threads';
import { openForReading } from './database/open-for-reading.ts';
import type { BuildMessage, BuildStart } from './sqlite/build-apart.ts';
import { createBuild, usualLimits } from './sqlite/build-rollups.ts';
import { openRollupsForWriting, rollupsInMemory, type Rollups } from './sqlite/rollups.ts';

/** How long a lock of another program is waited for. */
const busyTimeoutMs = 2000;

function build({ path, from }: BuildStart, send: (message: BuildMessage) => void): void {
  const facts = openForReading(path, busyTimeoutMs);
  let inMemory: Rollups | undefined;
  const open = (): Rollups => openRollupsForWriting(path) ?? (inMemory = rollupsInMemory());
  // Nobody's records wait for this thread.
  const limits = { ...usualLimits, rowsPerStep: 40_000, mostAtOnce: 100 };
  const sums = createBuild(facts.connection, open, () => Date.now() / 1000, limits);
  let isTold = false;
  const tell = (): void => {
    if (inMemory !== undefined) send({ bytes: inMemory.bytes() });
  };
  try {
    while (sums.step()) {
      const [oldest = -Infinity] = inMemory?.state()?.pending.slice(-1) ?? [];
      if (inMemory === undefined || isTold || oldest >= from) continue;
      isTold = true;
      tell();
    }
    tell();
  } finally {
    sums.close();
    facts.close();
  }
}

const port = parentPort;
if (port !== null) build(workerData, (message) => port.postMessage(message, []));
