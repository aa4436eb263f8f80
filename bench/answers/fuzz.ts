import fc from 'fast-check';
import { performance } from 'node:perf_hooks';
import { createInspector } from '../../source/engine/inspection/inspector.ts';
import { answers } from './generate.ts';
import { inspectAll } from './inspect-all.ts';

export type Fuzzed = {
  answers: number;
  timedOut: number;
  parsersCrashed: number;
  crashed: number;
  innocentBlamed: number;
  /** The longest until all operations of one answer had come back, in milliseconds. */
  longestMs: number;
};

/** Asks everything about so many generated answers, and about good ones after each. */
export async function fuzz(count: number, seed: number): Promise<Fuzzed> {
  const inspector = createInspector();
  const sums: Fuzzed = {
    answers: 0,
    timedOut: 0,
    parsersCrashed: 0,
    crashed: 0,
    innocentBlamed: 0,
    longestMs: 0,
  };
  for (const text of fc.sample(answers, { numRuns: count, seed })) {
    const start = performance.now();
    const found = await inspectAll(inspector, text);
    sums.answers += 1;
    sums.timedOut += found.timedOut.length;
    sums.parsersCrashed += found.parsersCrashed.length;
    sums.crashed += found.crashed.length;
    sums.innocentBlamed += found.innocent ? 0 : 1;
    sums.longestMs = Math.max(sums.longestMs, performance.now() - start);
  }
  await inspector.close();
  return sums;
}
