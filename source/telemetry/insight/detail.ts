import { defined } from '../../domain/defined.ts';
import type { ModelDetail, SeriesPoint } from '../../domain/insight.ts';
import { callsOf, type Sums } from '../sums/fields.ts';
import { cellStatsOf, rankingOf } from './insight.ts';
import { costOf, measuredMean, qualityOf, valueScoreIn } from './model-stats.ts';
import { withoutSeverity } from './severity.ts';
import { byModel, slicesOf, type View } from './view.ts';

/** One model over the window; its latest events are read apart. Undefined where the window has none of it. */
export function detailOf(given: View, model: string): Omit<ModelDetail, 'lastEvents'> | undefined {
  const view = withoutSeverity(given);
  const cells = cellStatsOf(view, model);
  const slices = slicesOf(view);
  const series = slices.map((slice) => pointOf((slice.from + slice.before) / 2, slice.of(model)));
  const sums = byModel(view.whole, view.cells).get(model);
  const stats =
    sums === undefined || callsOf(sums) === 0 ? undefined : rankingOf(model, sums, view, slices);
  if (stats === undefined && cells.length === 0) return undefined;
  return { model, cells, series, ...defined({ stats }) };
}

function pointOf(at: number, sums: Sums | undefined): SeriesPoint {
  const calls = sums === undefined ? 0 : callsOf(sums);
  if (sums === undefined || calls === 0) {
    return {
      at,
      quality: null,
      value: null,
      costUsd: null,
      latencyMs: null,
      successRate: null,
      calls: 0,
    };
  }
  const latencyMs = measuredMean(sums, 'latency');
  const measured = latencyMs > 0;
  return {
    at,
    quality: qualityOf(sums),
    value: valueScoreIn(sums),
    costUsd: costOf(sums),
    latencyMs: measured ? latencyMs : null,
    successRate: measured ? measuredMean(sums, 'success') : null,
    calls,
  };
}
