import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openTelemetryStore, type TelemetryStore } from '../../source/telemetry/index.ts';
import type { ModelProfile } from '../../source/domain/profile.ts';
import { temporaryDirectory } from '../engine/support/temporary.ts';

const result = (score: number | undefined, model = 'm') => ({
  taskType: 'summarization',
  model,
  ...(score === undefined ? {} : { score }),
  costUsd: 0.01,
  iterations: 1,
  deterministicPassed: true,
});

const snapshot = (qualityScore: number, callCount: number): ModelProfile => ({
  qualityScore,
  trustFactor: 1,
  avgLatencyMs: 10,
  latencyP95Ms: 10,
  successRate: 1,
  avgCostUsd: 0.01,
  callCount,
  failureCount: 0,
  validatorFailCount: 0,
});

const qualityOf = async (store: TelemetryStore) => (await store.modelRankings())[0]?.qualityScore;
const pathHere = (): string => join(temporaryDirectory(), 'telemetry.db');

describe('a task with an outcome', () => {
  it.each([
    ['in a run that goes on', false],
    ['in a run that has its snapshots', true],
  ])('counts with it, %s', async (_name, settled) => {
    const store = openTelemetryStore({ path: pathHere() });
    for (let index = 0; index < 10; index += 1) {
      store.recordRoutingEvent('p', `t${index}`, result(0.9));
    }
    if (settled) store.recordSnapshot('p', 'm', 'summarization', snapshot(0.9, 10));
    expect(await qualityOf(store)).toBeCloseTo(0.9, 10);
    store.recordOutcome('p', 't0', { source: 'person', value: 0 });
    expect(await qualityOf(store)).toBeCloseTo(0.81, 10);
    expect((await store.loadHistoricalProfile('m', 'summarization'))?.qualityScore).toBeCloseTo(
      0.81,
      8,
    );
    store.recordOutcome('p', 't0', { source: 'test', value: 1 });
    expect(await qualityOf(store)).toBeCloseTo(0.81, 10);
    store.recordOutcome('p', 't0', { source: 'person', value: null });
    expect(await qualityOf(store)).toBeCloseTo(0.91, 10);
    await store.close();
  });

  it('has a score though nobody judged it', async () => {
    const store = openTelemetryStore({ path: pathHere() });
    store.recordRoutingEvent('p', 't', result(undefined));
    expect(await qualityOf(store)).toBeNull();
    store.recordOutcome('p', 't', { source: 'merge', value: 0.7 });
    expect(await qualityOf(store)).toBe(0.7);
    await store.close();
  });

  it('counts with it whichever of the two is recorded first', async () => {
    const store = openTelemetryStore({ path: pathHere() });
    store.recordOutcome('p', 't', { source: 'person', value: 0.2 });
    await store.flush();
    store.recordRoutingEvent('p', 't', result(0.9));
    expect(await qualityOf(store)).toBe(0.2);
    await store.close();
  });

  it('is found by its calls, where it has any, and only it', async () => {
    const store = openTelemetryStore({ path: pathHere() });
    const call = { provider: 'x', latencyMs: 1, outcome: 'ok', costEstimated: false };
    for (const [index, taskId] of ['a', 'b'].entries()) {
      store.recordCall('p', {
        ...call,
        callId: String(index),
        taskId,
        taskType: 'summarization',
        role: 'generator',
        model: 'm',
        costUsd: 0.01,
      });
      store.recordRoutingEvent('p', taskId, result(0.5));
    }
    expect(await qualityOf(store)).toBe(0.5);
    store.recordOutcome('p', 'b', { source: 'person', value: 1 });
    expect(await qualityOf(store)).toBe(0.75);
    await store.close();
  });

  it('counts with it in a file of an earlier version too, where nothing finds outcomes fast', async () => {
    const path = pathHere();
    const store = openTelemetryStore({ path });
    for (const taskId of ['a', 'b']) store.recordRoutingEvent('p', taskId, result(0.5));
    store.recordOutcome('p', 'b', { source: 'person', value: 1 });
    await store.close();
    const database = new Database(path);
    database.exec('DROP INDEX idx_outcomes_project');
    database.close();
    const reader = openTelemetryStore({ path, readonly: true });
    expect(await qualityOf(reader)).toBe(0.75);
    await reader.close();
  });
});

describe('outcomes that the program asked for', () => {
  /** Judges are 0.1 too generous; a twentieth of the tasks is looked at. */
  const world = async (sampled: number | undefined) => {
    const store = openTelemetryStore({ path: pathHere() });
    let sum = 0;
    for (let index = 0; index < 800; index += 1) {
      const truth = 0.5 + 0.3 * Math.sin(index * 1.7);
      sum += truth;
      store.recordRoutingEvent('p', `t${index}`, result(truth + 0.1 + 0.05 * Math.sin(index * 7)));
      if (index % 20 !== 0) continue;
      store.recordOutcome('p', `t${index}`, {
        source: 'person',
        value: truth,
        ...(sampled === undefined ? {} : { sampled }),
      });
    }
    store.recordSnapshot('p', 'm', 'summarization', snapshot(0.62, 800));
    const [ranking] = await store.modelRankings();
    await store.close();
    return { truth: sum / 800, ranking };
  };

  it('correct the judges of all tasks', async () => {
    const { truth, ranking } = await world(0.05);
    expect(Math.abs((ranking?.qualityScore ?? 0) - truth)).toBeLessThan(0.04);
  });

  it('count for as many tasks as they were picked from', async () => {
    const store = openTelemetryStore({ path: pathHere() });
    // Judges are right of the one half, all of which is asked about, and 0.3 too generous of the other.
    for (let index = 0; index < 800; index += 1) {
      const isAsked = index % 2 === 0;
      const truth = 0.5 + 0.1 * Math.sin(index * 1.7);
      store.recordRoutingEvent('p', `t${index}`, result(isAsked ? truth : truth + 0.3));
      if (!isAsked && index % 20 !== 1) continue;
      store.recordOutcome('p', `t${index}`, {
        source: 'person',
        value: truth,
        sampled: isAsked ? 1 : 0.1,
      });
    }
    const [ranking] = await store.modelRankings();
    await store.close();
    expect(Math.abs((ranking?.qualityScore ?? 0) - 0.5)).toBeLessThan(0.03);
  });

  it('do not where people chose what they speak of', async () => {
    const { truth, ranking } = await world(undefined);
    expect((ranking?.qualityScore ?? 0) - truth).toBeGreaterThan(0.08);
  });
});
