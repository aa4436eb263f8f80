import fc from 'fast-check';
import { performance } from 'node:perf_hooks';
import { expect, it, onTestFinished } from 'vitest';
import { answers } from '../../../bench/answers/generate.ts';
import { inspectAll } from '../../../bench/answers/inspect-all.ts';
import { createInspector } from '../../../source/engine/inspection/inspector.ts';

it('comes back from every answer in time, and judges the next good one right', async () => {
  const inspector = createInspector();
  onTestFinished(() => inspector.close());
  await fc.assert(
    fc.asyncProperty(answers, async (text) => {
      const start = performance.now();
      const { innocent, crashed } = await inspectAll(inspector, text);
      expect({ innocent, crashed }).toEqual({ innocent: true, crashed: [] });
      expect(performance.now() - start).toBeLessThan(20_000);
    }),
    { numRuns: 60 },
  );
}, 120_000);
