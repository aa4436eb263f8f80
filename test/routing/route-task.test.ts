import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openPolicy } from '../../source/domain/policy.ts';
import { seededRandom } from '../../source/domain/runtime.ts';
import {
  createProfileStore,
  type RoutableModel,
  routeTask,
  type RouteRequest,
} from '../../source/routing/index.ts';
import { adaptive, attempt, greedy, model, past, route, taskType } from './support.ts';

const models = [model('dear'), model('cheap'), model('poor')];
const history = [
  past('dear', { qualityScore: 0.93, avgCostUsd: 0.02 }),
  past('cheap', { qualityScore: 0.9, avgCostUsd: 0.001 }),
  past('poor', { qualityScore: 0.6, avgCostUsd: 0.0001 }),
];

describe('greedy routing', () => {
  it('takes the cheapest within the tolerance of the best', () => {
    const decision = route(models, history);
    expect(decision).toMatchObject({ chosen: 'cheap', greedyChoice: 'cheap', exploration: false });
    expect(decision.candidates.map(({ model, rank }) => [model, rank])).toEqual([
      ['cheap', 1],
      ['dear', 2],
      ['poor', 3],
    ]);
    expect(decision.reason).toBe(
      'cheap for code_gen: the cheapest within 0.05 of the best quality, 0.93.',
    );
  });

  it('takes the best with a tolerance of 0, and among equals the cheapest', () => {
    const best = { strategy: 'greedy', qualityTolerance: 0, exploration: 0.2 } as const;
    expect(route(models, history, { settings: best }).chosen).toBe('dear');
    const equals = [past('dear', { qualityScore: 0.9, avgCostUsd: 0.02 }), ...history.slice(1)];
    expect(route(models, equals, { settings: best }).chosen).toBe('cheap');
  });

  it('counts a difference of exactly the tolerance as within it', () => {
    const edge = [
      past('dear', { qualityScore: 0.9, avgCostUsd: 0.02 }),
      past('cheap', { qualityScore: 0.85, avgCostUsd: 0.001 }),
    ];
    expect(route(models.slice(0, 2), edge).chosen).toBe('cheap');
  });

  it('is the same whatever chance says', () => {
    const decisions = [1, 2, 3].map((seed) =>
      route(models, history, { random: seededRandom(seed) }),
    );
    expect(decisions[1]).toEqual(decisions[0]);
    expect(decisions[2]).toEqual(decisions[0]);
  });

  it('takes the better of two whose price is unknown', () => {
    const unknown = { defaultCostUsd: Number.POSITIVE_INFINITY };
    const past2 = [0.7, 0.8].map((qualityScore, index) =>
      past(`m${index}`, { qualityScore, avgCostUsd: Number.NaN }),
    );
    expect(route([model('m0', unknown), model('m1', unknown)], past2).chosen).toBe('m1');
  });
});

describe('exclusions', () => {
  it.each<[string, Partial<RouteRequest> & { models?: readonly RoutableModel[] }]>([
    ['unsupported', { models: [model('cheap', { taskTypes: ['summarization'] })] }],
    ['not-allowed', { policy: { ...openPolicy, allow: ['dear'] } }],
    ['blocked', { policy: { ...openPolicy, block: ['cheap'] } }],
    ['unhealthy', { isHealthy: (id: string) => id !== 'cheap' }],
    ['too-expensive', { remainingBudgetUsd: 0.0005 }],
    ['too-expensive', { policy: { ...openPolicy, maxTaskCostUsd: 0.0005 } }],
    ['too-slow', { policy: { ...openPolicy, maxLatencyMs: 1500 } }],
    ['excluded-by-caller', { exclude: ['cheap'] }],
  ])('%s', (excluded, { models: own, ...more }) => {
    const decision = route(own ?? models, history, more);
    const candidate = decision.candidates.find((each) => each.model === 'cheap');
    expect(candidate).toMatchObject({ excluded });
    expect(candidate?.rank).toBeUndefined();
    expect(decision.chosen).not.toBe('cheap');
  });

  it('says that no candidate is left, and what to do', () => {
    const decision = route(models, history, { policy: { ...openPolicy, allow: ['none'] } });
    expect(decision.chosen).toBeUndefined();
    expect(decision.reason).toBe(
      'No model can take code_gen now: dear is not among the models that the policy allows; allow, set up or afford one more.',
    );
  });

  it('shows a model that only the history knows', () => {
    const unconfigured = past('retired', { qualityScore: 0.99 });
    const decision = route(models, [...history, unconfigured]);
    expect(decision.candidates.at(-1)).toMatchObject({
      model: 'retired',
      excluded: 'not-configured',
      history: { qualityScore: 0.99 },
    });
  });

  it('lets models that were never measured in, where a latency limit would leave none', () => {
    const policy = { ...openPolicy, maxLatencyMs: 3000 };
    expect(route(models, [], { policy }).chosen).toBeDefined();
    expect(route(models, [], { policy, settings: adaptive }).chosen).toBeDefined();
    const slow = history.map((cell) => ({
      ...cell,
      profile: { ...cell.profile, latencyP95Ms: 9000 },
    }));
    expect(route(models, slow, { policy }).chosen).toBeUndefined();
  });
});

describe('adaptive routing', () => {
  const choices = (own: typeof history, draws: number, settings = adaptive) => {
    const profiles = createProfileStore({ models, history: own });
    const random = seededRandom(5);
    const counts: Record<string, number> = {};
    for (let draw = 0; draw < draws; draw += 1) {
      const request = { profiles, taskType, settings, policy: openPolicy, random };
      const { chosen = '', exploration } = routeTask(request);
      profiles.noteChoice(taskType, exploration);
      counts[chosen] = (counts[chosen] ?? 0) + 1;
    }
    return counts;
  };

  it('is deterministic under a seed', () => {
    expect(choices(history, 50)).toEqual(choices(history, 50));
  });

  it('tries what it knows little of, and less as it learns', () => {
    const young = history.map((cell) => ({ ...cell, effectiveCalls: 6 }));
    const explored = ({ cheap = 0 }: Record<string, number>) => 300 - cheap;
    expect(explored(choices(young, 300))).toBeGreaterThan(explored(choices(history, 300)));
    expect(explored(choices(history, 300))).toBeLessThan(60);
  });

  it('never explores more than its share of the tasks', () => {
    const young = history.map((cell) => ({ ...cell, effectiveCalls: 6 }));
    for (const exploration of [0, 0.05, 0.1]) {
      const { cheap = 0 } = choices(young, 300, { ...adaptive, exploration });
      expect(300 - cheap).toBeLessThanOrEqual(exploration * 300);
    }
  });

  it('says when a choice explores, and what it would be otherwise', () => {
    const profiles = createProfileStore({ models, history: history.slice(1) });
    const random = seededRandom(1);
    const settings = { strategy: 'adaptive', qualityTolerance: 0, exploration: 0.2 } as const;
    const decisions = Array.from({ length: 200 }, () => {
      const decision = routeTask({ profiles, taskType, settings, policy: openPolicy, random });
      profiles.noteChoice(taskType, decision.exploration);
      return decision;
    });
    const explored = decisions.find(({ exploration }) => exploration);
    expect(explored?.chosen).not.toBe(explored?.greedyChoice);
    expect(explored?.reason).toContain('is explored on code_gen');
    expect(explored?.candidates[0]?.posterior?.sample).toBeGreaterThan(0);
  });

  it('counts a failure as a score of nothing: nine of them do not look better than none', () => {
    const profiles = createProfileStore({ models: models.slice(0, 2), history: [] });
    const before = profiles.posteriors(taskType)[0]?.mean ?? 0;
    for (let failure = 0; failure < 9; failure += 1) {
      const { score: _, ...failed } = attempt('dear', { failed: true });
      profiles.observe(failed);
    }
    const after = profiles.posteriors(taskType);
    expect(after[0]?.mean).toBeLessThan(before - 0.2);
    expect(after[0]?.mean).toBeLessThan(after[1]?.mean ?? 0);
  });

  it('hands on what a model shows on one task type to the others', () => {
    const profiles = createProfileStore({ models: models.slice(0, 2), history: [] });
    for (let index = 0; index < 40; index += 1) {
      profiles.observe(attempt('dear', { taskType: 'summarization', score: 1 }));
      profiles.observe(attempt('cheap', { taskType: 'summarization', score: 0.2 }));
    }
    const [dear, cheap] = profiles.posteriors(taskType);
    expect(dear?.mean).toBeGreaterThan((cheap?.mean ?? 1) + 0.1);
    expect(dear?.standardDeviation).toBeGreaterThan(0.05);
  });

  it('decides by finite numbers, whatever was seen', () => {
    const observations = fc.array(
      fc.record({
        model: fc.constantFrom('dear', 'cheap', 'poor', 'unheard-of'),
        taskType: fc.constantFrom('a', 'b', taskType),
        score: fc.double({ min: 0, max: 1, noNaN: true }),
        failed: fc.boolean(),
        costUsd: fc.double({ min: 0, max: 10, noNaN: true }),
        latencyMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
        policyViolation: fc.boolean(),
        validatorsPassed: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(observations, fc.nat(), fc.constantFrom(0, 0.05, 1), (seen, seed, tolerance) => {
        const profiles = createProfileStore({ models, history });
        for (const observation of seen) profiles.observe(observation);
        const settings = {
          strategy: 'adaptive',
          qualityTolerance: tolerance,
          exploration: 0.2,
        } as const;
        const random = seededRandom(seed);
        const decision = routeTask({ profiles, taskType, settings, policy: openPolicy, random });
        expect(decision.chosen).toBeDefined();
        expect(new Set(decision.candidates.map((each) => each.model)).size).toBe(3);
        for (const { posterior } of decision.candidates) {
          expect(Number.isFinite(posterior?.sample)).toBe(true);
          expect(posterior?.standardDeviation).toBeGreaterThan(0);
        }
        expect(profiles.snapshots().reduce((sum, { profile }) => sum + profile.callCount, 0)).toBe(
          seen.length,
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('within a run', () => {
  it('greedy moves away from a model that gets worse', () => {
    const profiles = createProfileStore({ models, history });
    const ask = {
      profiles,
      taskType,
      settings: greedy,
      policy: openPolicy,
      random: seededRandom(1),
    };
    expect(routeTask(ask).chosen).toBe('cheap');
    for (let index = 0; index < 5; index += 1) profiles.observe(attempt('cheap', { score: 0.2 }));
    expect(routeTask(ask).chosen).toBe('dear');
  });
});

describe('a view of what routing does', () => {
  it('is the choice without exploration, whatever is drawn', () => {
    const profiles = createProfileStore({ models, history: history.slice(1) });
    const random = seededRandom(1);
    const settings = { strategy: 'adaptive', qualityTolerance: 0, exploration: 0.2 } as const;
    const request = { profiles, taskType, settings, policy: openPolicy, random };
    let explored = 0;
    for (let task = 0; task < 200; task += 1) {
      const { exploration } = routeTask(request);
      const shown = routeTask({ ...request, random: seededRandom(task), explores: false });
      expect(shown).toMatchObject({ chosen: shown.greedyChoice, exploration: false });
      expect(shown.candidates.find(({ rank }) => rank === 1)?.model).toBe(shown.greedyChoice);
      profiles.noteChoice(taskType, exploration);
      if (exploration) explored += 1;
    }
    expect(explored).toBeGreaterThan(0);
  });

  it('names a distance beyond the tolerance by a number that is beyond it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.0501, max: 0.3, noNaN: true }), (gap) => {
        const near = [
          past('dear', { qualityScore: 0.9, avgCostUsd: 0.02 }),
          past('cheap', { qualityScore: 0.9 - gap, avgCostUsd: 0.001 }),
        ];
        const { candidates } = route(models.slice(0, 2), near);
        const reason = candidates.find(({ model: name }) => name === 'cheap')?.reason ?? '';
        const [, told = ''] = /^(\S+) below the best quality, more than 0\.05$/.exec(reason) ?? [];
        expect(Number(told)).toBeGreaterThan(0.05);
      }),
    );
  });
});
