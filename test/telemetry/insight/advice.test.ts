import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openInsightReader, openTelemetryStore } from '../../../source/telemetry/index.ts';
import { call, profile, result, temporaryDirectory } from '../support.ts';

const day = 86_400;
const start = 1_770_000_000;

type Store = ReturnType<typeof openTelemetryStore>;
type Story = {
  store: Store;
  /** Of a day, from 0, and of a task in it. */
  at: (day: number, task: number) => void;
};

/** Tells a history of so many days and reads it at its end. */
async function insightAfter(days: number, tell: (story: Story) => void, window = 30) {
  const path = join(temporaryDirectory(), 'telemetry.db');
  let now = start;
  const store = openTelemetryStore({ path, now: () => now });
  tell({
    store,
    at: (ofDay, task) => {
      now = start + ofDay * day + task * 60;
    },
  });
  await store.close();
  const reader = openInsightReader({ path, now: () => start + days * day, waits: true });
  const reading = reader.read(window);
  reader.close();
  if (reading.status !== 'ready') throw new Error(reading.status);
  return reading.insight;
}

/** A task of one attempt, with its calls. */
function tell(
  { store }: Story,
  of: {
    id: string;
    model: string;
    score: number;
    ownUsd: number;
    judge?: string;
    reviewUsd?: number;
  },
): void {
  const { id, model, score, ownUsd, judge = 'judge', reviewUsd = 0 } = of;
  const shared = { taskId: id, taskType: 'summarization', attempt: 1 };
  store.recordCall('p', call({ ...shared, callId: `${id}-g`, model, costUsd: ownUsd }));
  const review = { ...shared, role: 'judge', model: judge, subjectModel: model, score } as const;
  store.recordCall('p', call({ ...review, callId: `${id}-j`, costUsd: reviewUsd }));
  const costUsd = ownUsd + reviewUsd;
  const { taskType } = shared;
  store.recordRoutingEvent('p', id, result({ taskType, model, score, costUsd, iterations: 1 }));
}

const wobble = (task: number): number => (Math.floor(task / 3) % 2 === 0 ? 0.03 : -0.03);

describe('advice on a recorded history', () => {
  it('compares what own attempts cost, whoever was reviewed by whom', async () => {
    const { recommendations, routes } = await insightAfter(30, (story) => {
      for (let task = 0; task < 600; task += 1) {
        story.at(Math.floor(task / 20), task);
        const isUsual = task % 3 !== 0;
        const [model, ownUsd] = isUsual ? ['usual', 0.01] : ['other', 0.002];
        const reviewUsd = isUsual ? 0.001 : 0.05;
        tell(story, { id: `t${task}`, model, score: 0.85 + wobble(task), ownUsd, reviewUsd });
      }
    });
    expect(recommendations[0]).toMatchObject({
      kind: 'switch',
      model: 'usual',
      alternative: 'other',
      monthlySavingsUsd: expect.closeTo(400 * 0.008, 1),
    });
    expect(routes).toMatchObject([
      { taskType: 'summarization', model: 'usual', share: expect.closeTo(2 / 3, 2) },
    ]);
    expect(routes[0]?.spentUsd).toBeCloseTo(600 * ((2 / 3) * 0.011 + (1 / 3) * 0.052), 1);
  });

  it.each([
    { window: 30, paceDays: 30 },
    { window: 90, paceDays: 30 },
    { window: 365, paceDays: 30 },
    { window: 7, paceDays: 7 },
  ])('takes a month of $window days from the $paceDays on record', async (given) => {
    const insight = await insightAfter(
      30,
      (story) => {
        for (let task = 0; task < 600; task += 1) {
          story.at(Math.floor(task / 20), task);
          const [model, ownUsd] = task % 3 === 0 ? ['other', 0.002] : ['usual', 0.01];
          tell(story, { id: `t${task}`, model, score: 0.85 + wobble(task), ownUsd });
        }
      },
      given.window,
    );
    expect(insight.paceDays).toBe(given.paceDays);
    const [advice] = insight.recommendations;
    const { costUsd = 0, costAlternativeUsd = 0, volume = 0, low = -1 } = advice?.evidence ?? {};
    expect(advice).toMatchObject({ kind: 'switch', evidence: { paceDays: given.paceDays } });
    expect(advice?.monthlySavingsUsd).toBeCloseTo(
      ((costUsd - costAlternativeUsd) * volume * 30) / given.paceDays,
    );
    // Work came evenly: whatever the window is, a month saves about the same.
    expect(advice?.monthlySavingsUsd).toBeGreaterThan(2.8);
    expect(advice?.monthlySavingsUsd).toBeLessThan(3.6);
    expect(low).toBeGreaterThan(-0.05);
  });

  it('takes the first days of a history for a week, and no day for a month', async () => {
    const { paceDays } = await insightAfter(2, (story) => {
      for (let task = 0; task < 40; task += 1) {
        story.at(Math.floor(task / 20), task);
        tell(story, { id: `t${task}`, model: 'usual', score: 0.9, ownUsd: 0.01 });
      }
    });
    expect(paceDays).toBe(7);
  });

  it('counts failures that another model made good against the one that failed', async () => {
    const recommend = async (failureCount: number) => {
      const { recommendations } = await insightAfter(30, (story) => {
        for (let task = 0; task < 1200; task += 1) {
          story.at(Math.floor(task / 40), task);
          const [model, ownUsd] = task % 2 === 0 ? ['usual', 0.01] : ['other', 0.002];
          tell(story, { id: `t${task}`, model, score: 0.85 + wobble(task), ownUsd });
        }
        const attempts = { callCount: 600 + failureCount, failureCount, qualityScore: 0.85 };
        story.store.recordSnapshot('p', 'usual', 'summarization', profile({ callCount: 600 }));
        story.store.recordSnapshot('p', 'other', 'summarization', profile(attempts));
      });
      return recommendations.filter(({ kind }) => kind === 'switch').length;
    };
    expect(await recommend(0)).toBe(1);
    expect(await recommend(55)).toBe(0);
  });

  it('names a change of the judge, and does not take it for a decline', async () => {
    const kinds = async (judgeAfter: string): Promise<string[]> => {
      const { recommendations } = await insightAfter(30, (story) => {
        for (let task = 0; task < 900; task += 1) {
          const ofDay = Math.floor(task / 30);
          story.at(ofDay, task);
          const isLate = ofDay >= 18;
          const score = (isLate ? 0.7 : 0.85) + wobble(task);
          const judge = isLate ? judgeAfter : 'first';
          tell(story, { id: `t${task}`, model: 'm', score, ownUsd: 0.01, judge });
        }
      });
      return recommendations.map(({ kind }) => kind);
    };
    expect(await kinds('first')).toContain('declining');
    expect(await kinds('second')).not.toContain('declining');
    expect(await kinds('second')).toContain('changed');
  });

  it('names a change of what the provider serves', async () => {
    const { recommendations } = await insightAfter(30, (story) => {
      for (let task = 0; task < 900; task += 1) {
        const ofDay = Math.floor(task / 30);
        story.at(ofDay, task);
        const id = `t${task}`;
        const servedModel = ofDay >= 18 ? 'm-2026-02' : 'm-2025-08';
        const shared = { taskId: id, taskType: 'summarization', servedModel };
        story.store.recordCall('p', call({ ...shared, callId: id, model: 'm' }));
        const score = (ofDay >= 18 ? 0.7 : 0.85) + wobble(task);
        const { taskType } = shared;
        story.store.recordRoutingEvent('p', id, result({ taskType, model: 'm', score }));
      }
    });
    expect(recommendations.map(({ kind }) => kind)).toEqual(['changed']);
    expect(recommendations[0]?.message).toContain('m-2025-08, then m-2026-02');
  });

  it('takes no average of ten lucky calls for a trend, and no three for a leader', async () => {
    const { leaders, cells } = await insightAfter(60, (story) => {
      for (let task = 0; task < 24; task += 1) {
        story.at(task < 12 ? 5 : 40, task);
        const score = [0.2, 1, 0.9, 0.4][task % 4] ?? 0;
        tell(story, {
          id: `t${task}`,
          model: 'm',
          score: task < 12 ? score : 1 - score,
          ownUsd: 0.01,
        });
      }
      for (let task = 0; task < 3; task += 1) {
        tell(story, { id: `lucky${task}`, model: 'lucky', score: 1, ownUsd: 0.01 });
      }
    });
    expect(leaders['summarization']?.model).toBe('m');
    const cell = cells.find(({ model }) => model === 'm');
    expect(cell?.trendPercent).not.toBeNull();
    expect(cell?.trendIsNoise).toBe(true);
    expect(cells.find(({ model }) => model === 'lucky')?.qualityInterval).toBeUndefined();
  });
});
