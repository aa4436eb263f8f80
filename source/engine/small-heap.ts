import { setFlagsFromString } from 'node:v8';

/**
 * Keeps this process close to what it holds. A run is a stream of prompts and answers that are garbage
 * moments later, and V8 lets several times the live heap pile up before it looks: 1,000 tasks of 20 KB
 * come to 360 MB resident as it is, to 200 MB with this, in the same time. For programs whose one job
 * is a run, since it holds for the whole process.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=50');
}
