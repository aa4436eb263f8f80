import { writeFileSync } from 'node:fs';
import process from 'node:process';

/**
 * Loaded into the program before it starts: how long its thread was held up at a stretch since the first
 * request was answered, in milliseconds of the clock and of the processor.
 */
const file = process.env.ANSWERS_PROBE;
const longest = { wall: 0, cpu: 0 };
let last;
const cpu = () => process.threadCpuUsage?.() ?? process.cpuUsage();
const tick = () => {
  const [now, used] = [performance.now(), cpu()];
  if (last !== undefined) {
    const busy = (used.user + used.system - last.used.user - last.used.system) / 1000;
    longest.wall = Math.max(longest.wall, now - last.now);
    longest.cpu = Math.max(longest.cpu, busy);
  }
  last = { now, used };
};
const fetch = globalThis.fetch;
globalThis.fetch = async (...request) => {
  const response = await fetch(...request);
  if (last === undefined) setInterval(tick, 1).unref();
  return response;
};
process.on('exit', () => {
  tick();
  writeFileSync(file, JSON.stringify(longest));
});
