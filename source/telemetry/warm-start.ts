import { confidenceOf } from '../domain/confidence.ts';
import { mergedMoments, noScores, sampleVariance } from '../domain/moments.ts';
import type { CellHistory } from '../domain/profile.ts';
import { constantDefaults, establishedChange, type ScoreSlice } from '../routing/index.ts';
import { halfLifeDays, horizonStart } from './history/index.ts';
import { justAfter } from './insight/parts.ts';
import { callsOf, liveOf, liveScoredCalls, scoresOf } from './insight/standing.ts';
import type { Cells } from './timeline/cells.ts';
import type { Span } from './timeline/span.ts';
import { addSums, dayOf, daySeconds, noSums, type Sums, valueOf } from './timeline/sums.ts';
import type { Timeline } from './timeline/timeline.ts';

/**
 * The same history as `historyOf`, from daily sums instead of single records: an age is one factor per
 * day, and a restart falls on the start of a day (UTC). `exceptProject` leaves out what one project did.
 */
export function warmStart(
  timeline: Timeline,
  cells: Cells,
  now: number,
  exceptProject?: string,
): CellHistory[] {
  const days = dailySpans(timeline, now, exceptProject);
  const numbers = new Set<number>();
  for (const { span } of days) for (const number of span.cells.keys()) numbers.add(number);
  return [...numbers].flatMap((number) => {
    const history = cellHistory(days, number);
    return history === undefined ? [] : [{ ...cells.of(number), ...history }];
  });
}

/** `factor` is what the ages of a day's sums come to now. */
type DaySpan = { day: number; span: Span; factor: number };

function dailySpans(timeline: Timeline, now: number, exceptProject: string | undefined): DaySpan[] {
  // Left out rather than taken off the sums: what rounding leaves of a difference would pass for a little of it.
  const spanOn = (day: number, from: number, before: number): Span =>
    exceptProject !== undefined && without.has(day)
      ? timeline.spanWithout(exceptProject, from, before)
      : timeline.span(from, before);
  const without = exceptProject === undefined ? new Set() : timeline.daysOf(exceptProject);
  const start = horizonStart(now);
  const end = justAfter(now);
  return timeline
    .days()
    .filter((day) => day + daySeconds > start && day < end)
    .map((day) => {
      const span = spanOn(day, Math.max(day, start), Math.min(day + daySeconds, end));
      return { day, span, factor: 2 ** ((day - now) / (halfLifeDays * daySeconds)) };
    });
}

function cellHistory(
  days: readonly DaySpan[],
  cell: number,
): Omit<CellHistory, 'model' | 'taskType'> | undefined {
  const slices: ScoreSlice[] = [];
  for (const { day, span } of days) {
    const sums = span.cells.get(cell);
    const scores = sums === undefined ? noScores : scoresOf(sums);
    if (scores.n > 0) slices.push({ from: day, scores });
  }
  const restartedAt = establishedChange(slices);
  const since = restartedAt ?? -Infinity;
  const plain = noSums(true);
  const aged = noSums(true);
  let squaredWeights = 0;
  for (const { day, span, factor } of days) {
    const sums = span.cells.get(cell);
    if (sums === undefined || day < since) continue;
    addSums(plain, sums);
    addSums(aged, sums, factor);
    // Within a day all attempts weigh about the same.
    const calls = valueOf(sums, 'calls') - valueOf(sums, 'unscoredCalls') + liveScoredCalls(sums);
    if (calls > 0) squaredWeights += (factor * evidenceIn(sums, sums)) ** 2 / calls;
  }
  const callCount = callsOf(plain);
  if (callCount === 0) return undefined;
  const attempts = evidenceIn(plain, aged);
  const scores = slices
    .filter(({ from }) => from >= since)
    .reduce((all, slice) => mergedMoments(all, slice.scores), noScores);
  return {
    profile: {
      ...meansOf(plain, aged),
      callCount,
      failureCount: valueOf(plain, 'failures'),
      validatorFailCount: valueOf(plain, 'validatorFailures'),
      confidence: confidenceOf(callCount),
    },
    effectiveCalls: valueOf(aged, 'agedAnswered') + agedLiveScored(plain, aged),
    effectiveAttempts: attempts,
    ...(squaredWeights > 0 ? { sampleSize: attempts ** 2 / squaredWeights } : {}),
    ...(scores.n > 1 ? { scoreVariance: sampleVariance(scores) } : {}),
    ...(restartedAt === undefined ? {} : { restartedAt: dayOf(restartedAt) }),
  };
}

function meansOf(plain: Sums, aged: Sums) {
  const measured = valueOf(aged, 'agedCalls');
  const liveCalls = liveOf(aged, 'agedLiveCalls', plain);
  return {
    qualityScore: over(
      valueOf(aged, 'agedQuality') + liveOf(aged, 'agedLiveQuality', plain),
      valueOf(aged, 'agedScoredCalls') + agedLiveScored(plain, aged),
      0,
    ),
    // Events know no trust and no latency: without any snapshot the defaults stand.
    trustFactor: over(valueOf(aged, 'agedTrust'), measured, constantDefaults.trustFactor),
    avgLatencyMs: over(valueOf(aged, 'agedLatency'), measured, constantDefaults.avgLatencyMs),
    latencyP95Ms: over(valueOf(aged, 'agedLatencyP95'), measured, constantDefaults.latencyP95Ms),
    successRate: over(valueOf(aged, 'agedSuccess'), measured, constantDefaults.successRate),
    avgCostUsd: over(
      valueOf(aged, 'agedCost') + liveOf(aged, 'agedLiveCost', plain),
      measured + liveCalls,
      0,
    ),
  };
}

/** Exactly 0 where all of them are unscored: a rounding residue would pass for a little evidence. */
function agedLiveScored(plain: Sums, aged: Sums): number {
  if (liveScoredCalls(plain) === 0) return 0;
  return liveOf(aged, 'agedLiveCalls', plain) - liveOf(aged, 'agedLiveUnscored', plain);
}

/** The attempts that tell something of quality: all but answers that nobody judged. */
function evidenceIn(plain: Sums, aged: Sums): number {
  return valueOf(aged, 'agedCalls') - valueOf(aged, 'agedUnscored') + agedLiveScored(plain, aged);
}

function over(sum: number, weight: number, fallback: number): number {
  return weight > 0 ? sum / weight : fallback;
}
