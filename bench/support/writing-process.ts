import { once } from 'node:events';
import process from 'node:process';
import { openTelemetryStore } from '../../source/telemetry/index.ts';

/**
 * A process that records tasks for the tests of faults: `PATH PREFIX BATCHES PER_BATCH [leave]`.
 * After each flush it prints how many tasks (prefix-0, prefix-1 …) are acknowledged; at the end its
 * statistics as JSON. With `leave` it ends without closing or flushing.
 */
const [path = '', prefix = '', batches = '0', perBatch = '0', manner = ''] = process.argv.slice(2);
const store = openTelemetryStore({
  path,
  onNotice: (message) => process.stderr.write(`${message}\n`),
});

const say = async (line: string): Promise<void> => {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
};

const record = (task: number): void =>
  store.recordRoutingEvent(prefix, `${prefix}-${task}`, {
    taskType: 'evaluation',
    model: `model-${task % 5}`,
    score: 0.5,
    costUsd: 0.01,
    iterations: 1,
    deterministicPassed: true,
  });

let task = 0;
for (let batch = 0; batch < Number(batches); batch += 1) {
  for (let index = 0; index < Number(perBatch); index += 1) record(task++);
  if (manner === 'leave') continue;
  await store.flush();
  await say(`acknowledged ${task}`);
}
if (manner === 'leave') process.exit(0);
await store.close();
await say(JSON.stringify(store.stats()));
