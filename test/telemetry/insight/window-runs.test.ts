import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRunCount } from '../../../source/telemetry/insight/window-runs.ts';
import { addRun, createDigestSet, runDigests } from '../../../source/telemetry/sums/detail.ts';
import { emptyPeriod, type PeriodSums } from '../../../source/telemetry/sums/period.ts';

const runOf = (tasks: number) => ({
  tasks,
  scored: tasks,
  score: 0,
  costUsd: 0,
  paidUsd: 0,
  lastAt: 0,
  live: false,
  unbilled: false,
});

/** Does so many tasks of a run in a period. */
function work(period: PeriodSums, id: string, tasks: number): void {
  addRun(period.detail, id, runOf(tasks));
  period.version += 1;
}

describe('the runs of a window', () => {
  it('are those that did a task in any of its parts, however often they are counted', () => {
    const step = fc.record({
      part: fc.nat(5),
      id: fc.integer({ min: 0, max: 20 }).map((number) => `run-${number}`),
      tasks: fc.nat(2),
    });
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 8 }), (looks) => {
        const periods = Array.from({ length: 6 }, () => emptyPeriod(false));
        const count = createRunCount();
        const seen = new Set<string>();
        for (const steps of looks) {
          for (const { part, id, tasks } of steps) {
            const period = periods[part];
            if (period !== undefined) work(period, id, tasks);
            if (tasks > 0) seen.add(id);
          }
          expect(count(periods)).toBe(seen.size);
        }
      }),
    );
  });

  it('are told apart by their numbers, whatever their ids look like', () => {
    const namings = [
      (number: number) => `project-${number}`,
      (number: number) => `${number % 7}-${'x'.repeat(number % 30)}-${number}`,
      (number: number) => String.fromCodePoint(0x4e_00 + (number % 20_000), 97 + (number >> 14)),
    ];
    for (const naming of namings) {
      const ids = Array.from({ length: 50_000 }, (_, number) => naming(number));
      const digests = runDigests(new Map(ids.map((id) => [id, runOf(1)])));
      const set = createDigestSet(digests.length);
      for (const digest of digests) set.add(digest);
      expect(set.size()).toBe(new Set(ids).size);
      expect(digests.every((digest) => set.has(digest))).toBe(true);
    }
  });
});
