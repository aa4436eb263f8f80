import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { openTelemetryStore } from '../../source/telemetry/index.ts';

/**
 * A machine of a fleet: records tasks and calls at a rate until it is told to stop (SIGTERM), and prints
 * what it recorded and how long recording held up its caller: how late its loop was, which on a busy
 * processor is late by itself, and how much processor time a turn of it took. `PATH PREFIX PER_SECOND
 * [confirm]`; with `confirm` it says on a line of its own, again and again, how many of its records are safe.
 */
const [path = '', prefix = '', perSecond = '40', confirm] = process.argv.slice(2);
const store = openTelemetryStore({ path, onNotice: () => undefined });
const delay = monitorEventLoopDelay({ resolution: 5 });
const took: number[] = [];
const turns: number[] = [];
let task = 0;
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());

/** Processor time of this thread so far, in milliseconds. */
const threadMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;

const confirmSafe = async (): Promise<void> => {
  while (!stop.signal.aborted) {
    const recorded = task;
    await store.flush();
    process.stdout.write(`${recorded}\n`);
    await wait(100);
  }
};
if (confirm === 'confirm') void confirmSafe();

// The first records compile what they run through.
await wait(500);
delay.enable();
const startedAt = performance.now();
while (!stop.signal.aborted) {
  const turnBegan = threadMs();
  const due = ((performance.now() - startedAt) / 1000) * Number(perSecond);
  for (; task < due; task += 1) {
    const before = performance.now();
    store.recordRoutingEvent(`${prefix}-${Math.floor(task / 100)}`, `${prefix}-${task}`, {
      taskType: 'evaluation',
      model: `model-${task % 5}`,
      score: 0.5,
      costUsd: 0.01,
      iterations: 1,
      deterministicPassed: true,
    });
    took.push((performance.now() - before) * 1000);
  }
  await wait(5);
  turns.push(threadMs() - turnBegan);
}
delay.disable();
await store.close();
const { spooled, lost } = store.stats();
const steady = took.slice(50);
const recordMicroseconds = quantile(steady, 0.99);
const loopDelayMs = Math.max(0, delay.percentile(99) / 1e6 - 5);
const turnMs = quantile(turns, 0.99);
process.stdout.write(
  `${JSON.stringify({ recorded: task, spooled, lost, recordMicroseconds, loopDelayMs, turnMs })}\n`,
);
