import type { Insight, ModelRanking } from '../../domain/insight.ts';
import {
  formatCost,
  formatCount,
  formatQuality,
  formatTrendPercent,
  formatValue,
  notJudged,
  trendDirection,
} from '../format/index.ts';
import { table, type Pen } from './page.ts';

export function rankingsSection({ rankings }: Insight, pen: Pen): string[] {
  const { glyphs } = pen;
  if (rankings.length === 0) return ['MODEL RANKINGS', '', '  No calls in this window.'];
  const rows = table(
    rankings.map((ranking) => row(ranking, pen)),
    [{}, {}, { align: 'right' }, {}, {}, { align: 'right' }, { align: 'right' }, {}],
  );
  const { HOT, WARM, COLD } = glyphs.confidence;
  return [
    'MODEL RANKINGS  (value = quality per dollar, per thousand calls)',
    '',
    ...rows.map((line) => `  ${line}`),
    '',
    `  ${HOT} HOT ${pen.sign('≥')}50 calls (full historical weight)`,
    `  ${WARM} WARM 10${pen.sign('–')}49 calls (40% blend)`,
    `  ${COLD} COLD <10 calls (defaults only)`,
  ];
}

function row(ranking: ModelRanking, pen: Pen): string[] {
  const { confidence, callCount } = ranking;
  const cold = confidence === 'COLD';
  return [
    pen.glyphs.confidence[confidence],
    pen.name(ranking.model),
    cold || ranking.valueScore === null ? pen.nothing : formatValue(ranking.valueScore),
    trend(ranking, pen),
    confidence,
    `${calls(ranking)} ${callCount === 1 ? 'call ' : 'calls'}`,
    cold ? '' : formatCost(ranking.averageCostUsd),
    cold ? '(insufficient data)' : quality(ranking),
  ];
}

function quality({ qualityScore }: ModelRanking): string {
  return qualityScore === null ? `(${notJudged})` : `q:${formatQuality(qualityScore)}`;
}

/** Calls of runs in progress stand apart, since their snapshots are still to come. */
function calls({ callCount, liveCallCount }: ModelRanking): string {
  const settled = callCount - liveCallCount;
  if (liveCallCount === 0) return formatCount(callCount);
  return settled === 0
    ? `+${formatCount(liveCallCount)}`
    : `${formatCount(settled)} +${formatCount(liveCallCount)}`;
}

function trend({ trendPercent }: ModelRanking, { glyphs }: Pen): string {
  if (trendPercent === null) return '';
  const arrow = glyphs.trend[trendDirection(trendPercent)];
  return (
    arrow +
    formatTrendPercent(trendPercent).padStart(trendDirection(trendPercent) === 'flat' ? 3 : 0)
  );
}
