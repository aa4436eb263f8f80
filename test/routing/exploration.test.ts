import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../source/routing/choice.ts';
import {
  challengersOf,
  chooseExploration,
  type ExplorationTerms,
  isYoung,
  mayExplore,
} from '../../source/routing/exploration.ts';

/** Eighty attempts' worth of evidence: a variance of 0.2 known to a standard deviation of 0.05. */
function candidate(index: number, more: Partial<Candidate>): Candidate {
  return {
    index,
    mean: 0.9,
    standardDeviation: 0.05,
    sample: 0.9,
    scoreVariance: 0.2,
    attempts: 80,
    attemptsOfModel: 80,
    costUsd: 1,
    tieBreak: 1,
    goodEnough: true,
    ...more,
  };
}

const incumbent = candidate(0, {});

/** Whether a model that was just sampled well is explored. */
function explores(more: Partial<Candidate>, terms: Partial<ExplorationTerms> = {}): boolean {
  const all = [incumbent, candidate(1, { sample: 1, ...more })];
  const full = { incumbent, best: incumbent, tolerance: 0, young: true, ...terms };
  return chooseExploration(challengersOf(all, full), full) !== undefined;
}

describe('exploration', () => {
  it('is weighed over three times as many tasks as were done by now, and a hundred', () => {
    // Of 780 tasks to come, a lead of 0.02 is worth finding out; one of 0.035 would need more.
    expect(explores({ mean: 0.88 })).toBe(true);
    expect(explores({ mean: 0.865 })).toBe(false);
  });

  it('begins before anything is known', () => {
    const unknown = { attempts: 0, attemptsOfModel: 0, standardDeviation: 0.2 };
    const fresh = candidate(0, unknown);
    const all = [fresh, candidate(1, { ...unknown, sample: 1 })];
    const terms = { incumbent: fresh, best: fresh, tolerance: 0, young: true };
    expect(chooseExploration(challengersOf(all, terms), terms)?.index).toBe(1);
  });

  it('takes a free model to be ten doublings cheaper, each worth the tolerance', () => {
    const tolerance = 0.05;
    expect(explores({ mean: 0.5, costUsd: 0 }, { tolerance })).toBe(true);
    expect(explores({ mean: 0.38, standardDeviation: 0.01, costUsd: 0 }, { tolerance })).toBe(
      false,
    );
    expect(explores({ mean: 0.5, costUsd: 0.5 }, { tolerance })).toBe(false);
  });

  it('needs a model that costs more to be sampled more than the tolerance above', () => {
    const tolerance = 0.05;
    expect(explores({ sample: 0.94, costUsd: 1.5 }, { tolerance })).toBe(false);
    expect(explores({ sample: 0.96, costUsd: 1.001 }, { tolerance })).toBe(true);
  });

  it('stops paying more expensive models once they cost four times what the work does', () => {
    const better = { mean: 0.97, costUsd: 1.2 };
    const terms = { tolerance: 0.05, young: false };
    const spent = (attempts: number) => ({ ...better, costUsd: 10, attempts });
    expect(explores(better, terms)).toBe(true);
    expect(explores(spent(80), terms)).toBe(false);
    expect(explores(spent(20), { ...terms, tolerance: 0 })).toBe(true);
  });

  it('gets to know more models only as the tasks grow', () => {
    const known = Array.from({ length: 12 }, (_, index) =>
      candidate(index, { attempts: 1, attemptsOfModel: 1 }),
    );
    const unknown = candidate(12, { attempts: 0, attemptsOfModel: 0, sample: 1 });
    const first = known[0] ?? unknown;
    const terms = { incumbent: first, best: first, tolerance: 0, young: true };
    const isAmong = (all: Candidate[]): boolean =>
      challengersOf(all, terms).some((each) => each.candidate === unknown);
    // Twelve tasks are worth getting to know ten models: 3 + 2 × √12 = 9.9.
    expect(isAmong([...known, unknown])).toBe(false);
    expect(isAmong([...known.slice(0, 6), unknown])).toBe(true);
  });
});

describe('the ceiling of exploration', () => {
  it('binds once a type has ten tasks, or two for each candidate, or a hundred', () => {
    const young = (tasks: number, candidates: number): boolean =>
      isYoung({ past: tasks, tasks: 0, explored: 0 }, candidates);
    expect([young(9, 2), young(10, 2)]).toEqual([true, false]);
    expect([young(39, 20), young(40, 20)]).toEqual([true, false]);
    expect([young(99, 300), young(100, 300)]).toEqual([true, false]);
  });

  it('is never exceeded by a whole task, in a run or over runs of any length', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 }),
        (share, runs) => {
          let past = 0;
          let exploredInAll = 0;
          for (const tasks of runs) {
            let explored = 0;
            for (let task = 0; task < tasks; task += 1) {
              if (mayExplore({ past, tasks: task, explored }, share)) explored += 1;
            }
            expect(explored).toBeLessThanOrEqual(Math.ceil(share * tasks));
            past += tasks;
            exploredInAll += explored;
          }
          expect(exploredInAll).toBeLessThanOrEqual(share * past);
        },
      ),
    );
  });

  it('lets runs of a few tasks explore now and then', () => {
    const explored = Array.from({ length: 50 }, (_, run) =>
      mayExplore({ past: 100 + run, tasks: 0, explored: 0 }, 0.2) ? 1 : 0,
    ).reduce<number>((sum, each) => sum + each, 0);
    expect(explored).toBe(10);
  });
});
