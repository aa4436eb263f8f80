import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import type { InsightReader, InsightReading } from '../../source/domain/insight.ts';
import type { RunEvent } from '../../source/domain/run-event.ts';
import { applyRunEvent, emptyRunState, type LiveRuns } from '../../source/domain/run-state.ts';
import type { RoutingDecision } from '../../source/domain/routing-decision.ts';
import { detailOf, lastTasksOf } from './insight.ts';

/** What a dashboard under test sees; a file, so that another process can change it meanwhile. */
export type Scenario = {
  reading: InsightReading;
  /** The events of each run. */
  runs?: RunEvent[][];
  now?: number;
};

export function writeScenario(path: string, scenario: Scenario): void {
  // As a whole, so that no reader ever sees half of it.
  writeFileSync(`${path}.tmp`, JSON.stringify(scenario));
  renameSync(`${path}.tmp`, path);
}

const readScenario = (path: string): Scenario => JSON.parse(readFileSync(path, 'utf8')) as Scenario;

const versionOf = (path: string): string => {
  const { ino, mtimeMs } = statSync(path);
  return `${ino} ${mtimeMs}`;
};

/** A reader of the scenario's reading; the same contract as the reader of a database. */
export function scenarioReader(path: string, shownPath: string): InsightReader {
  let seen = '';
  let reading: InsightReading = { status: 'missing' };
  return {
    path: shownPath,
    changed: () => versionOf(path) !== seen,
    read(days) {
      seen = versionOf(path);
      ({ reading } = readScenario(path));
      if (!('insight' in reading)) return reading;
      const window = { ...reading.insight.window, days };
      return { ...reading, insight: { ...reading.insight, window } };
    },
    isQuick: () => true,
    modelDetail: (model) => ('insight' in reading ? detailOf(reading.insight, model) : undefined),
    lastTasks: (taskType) =>
      'insight' in reading ? lastTasksOf(reading.insight, taskType) : undefined,
    close() {},
  };
}

export function scenarioRuns(path: string): LiveRuns {
  return {
    read: () =>
      (readScenario(path).runs ?? []).map((events) => {
        const state = emptyRunState(events[0]?.projectId ?? '');
        for (const event of events) applyRunEvent(state, event);
        return state;
      }),
    close() {},
  };
}

export const explainFrom = (path: string) => explainReading(() => readScenario(path).reading);

/** A small stand-in for the router: the cheapest within the tolerance of the best. */
export function explainReading(get: () => InsightReading) {
  return (taskType: string, qualityTolerance = 0.05): RoutingDecision | undefined => {
    const reading = get();
    if (!('insight' in reading)) return undefined;
    const cells = reading.insight.cells.filter((cell) => cell.taskType === taskType);
    const best = Math.max(...cells.map(({ qualityScore }) => qualityScore ?? 0));
    const isGoodEnough = (quality: number | null) => (quality ?? 0) >= best - qualityTolerance;
    const ordered = cells.toSorted(
      (a, b) =>
        Number(isGoodEnough(b.qualityScore)) - Number(isGoodEnough(a.qualityScore)) ||
        a.averageCostUsd - b.averageCostUsd,
    );
    const chosen = ordered[0]?.model;
    return {
      taskType,
      strategy: 'greedy',
      qualityTolerance,
      ...(chosen === undefined ? {} : { chosen, greedyChoice: chosen }),
      exploration: false,
      reason: `the cheapest within ${qualityTolerance} of the best`,
      candidates: ordered.map((cell, index) => {
        const profile = {
          qualityScore: cell.qualityScore ?? 0,
          trustFactor: 1,
          avgLatencyMs: cell.averageLatencyMs,
          latencyP95Ms: cell.latencyP95Ms,
          successRate: cell.successRate,
          avgCostUsd: cell.averageCostUsd,
          callCount: cell.callCount,
          failureCount: cell.failureCount,
          validatorFailCount: cell.validatorFailCount,
        };
        return {
          model: cell.model,
          provider: 'local',
          default: { qualityScore: 0.8, avgCostUsd: 0.002, source: 'constants' },
          history: { ...profile, confidence: cell.confidence, effectiveCalls: cell.callCount },
          historyWeight: { COLD: 0, WARM: 0.4, HOT: 1 }[cell.confidence],
          runCalls: 0,
          profile,
          rank: index + 1,
          reason: isGoodEnough(cell.qualityScore)
            ? 'within the tolerance of the best'
            : 'too far below the best',
        };
      }),
    };
  };
}
