import { defined } from '../../domain/defined.ts';
import type { ModelDetail, SeriesPoint } from '../../domain/insight.ts';
import { callsOf, type Sums } from '../sums/fields.ts';
import { cellStatsOf, rankingOf } from './insight.ts';
import { costOf, measuredMean, qualityOf, valueScoreIn } from './model-stats.ts';
import { withoutSeverity } from './severity.ts';
import { byModel, slicesOf, type View } from './view.ts';

/** Events in the view of a model. */
export const mostEvents = 50;

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
  const known = <Value>(of: (sums: Sums) => Value): Value | null =>
    sums === undefined || calls === 0 ? null : of(sums);
  const latencyMs = known((some) => measuredMean(some, 'latency')) || null;
  return {
    at,
    quality: known(qualityOf),
    value: known(valueScoreIn),
    costUsd: known(costOf),
    latencyMs,
    successRate: latencyMs === null ? null : known((some) => measuredMean(some, 'success')),
    calls,
  };
}
