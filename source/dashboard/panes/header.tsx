import { Text } from 'ink';
import type { ReactNode } from 'react';
import { problemMeanwhile } from '../../domain/database-problem.ts';
import {
  formatAge,
  formatLeftOut,
  formatMoney,
  formatPlural,
  formatQuality,
} from '../format/index.ts';
import type { AppState } from '../state/state.ts';
import type { Look } from '../theme/look.ts';
import { fitLine, gap, paint, span, widthOfLine, type Line } from '../theme/span.ts';

/** One line over everything: what the window holds, and whether the screen follows it. */
export function Header({ state, look }: { state: AppState; look: Look }): ReactNode {
  return <Text wrap="truncate">{paint(headerLine(state, look), look)}</Text>;
}

function headerLine(state: AppState, look: Look): Line {
  const width = state.size.columns;
  const right: Line = [
    ...(state.simulated ? [span('SIMULATED', 'simulated', true), gap(2)] : []),
    ...statusSpans(state, look),
    gap(1),
  ];
  const room = width - widthOfLine(right) - 2;
  const left = summaryLines(state, look).find((line) => widthOfLine(line) <= room) ?? [];
  return fitLine([...left, gap(width - widthOfLine(left) - widthOfLine(right)), ...right], width);
}

/** The summary in ever fewer words. */
function summaryLines(state: AppState, look: Look): Line[] {
  const summary = state.insight?.summary;
  const separator = span(` ${look.glyphs.separator} `, 'border');
  const days = state.days === 1 ? 'last day' : `last ${state.days} days`;
  if (summary === undefined) return [[gap(1), span(days)]];
  const runs = span(formatPlural(summary.runs, 'run'), 'title', true);
  const money = span(formatMoney(summary.totalCostUsd), 'title', true);
  const quality = span(formatQuality(summary.averageQuality), 'title', true);
  const total: Line = [money, span(' total')];
  const average: Line = [span('avg quality '), quality];
  const short: Line = [span('q '), quality];
  const between = (...parts: Line[]): Line =>
    parts.flatMap((part, index) => (index === 0 ? [gap(1), ...part] : [separator, ...part]));
  return [
    between([runs], total, average, [span(days)]),
    between([runs], [money], short, [span(`${state.days} d`)]),
    between([money], short, [span(`${state.days} d`)]),
    between([money], [span(`${state.days} d`)]),
    between([span(`${state.days} d`)]),
  ];
}

function statusSpans(state: AppState, look: Look): Line {
  if (state.isPaused) return [span(`${look.glyphs.paused} paused`, 'warn', true)];
  const { status } = state.data;
  if (status === 'ready' || status === 'empty') return [span(`${look.glyphs.live} live`, 'good')];
  return [span(`${look.glyphs.confidence.WARM} waiting`, 'warn')];
}

/** What is the matter with the data while the last good data stays on screen; nothing when all is well. */
export function bannerLine(state: AppState, look: Look): Line | undefined {
  const { data } = state;
  if (data.status === 'ready') {
    const note =
      data.newerSchema === undefined
        ? state.insight && formatLeftOut(state.insight.leftOut)
        : `${look.clean(state.path)} was written by a newer version: only what this one knows is shown`;
    return note === undefined ? undefined : [span(` ! ${note}`, 'warn')];
  }
  if (state.insight === undefined || data.status === 'empty' || data.status === 'loading') {
    return undefined;
  }
  const age = formatAge(state.now - (state.readAt ?? state.now));
  const name = state.path.split(/[\\/]/).at(-1) ?? state.path;
  return [
    span(` ! ${look.clean(problemMeanwhile(data, state.path, name))}`, 'warn', true),
    span(`  data is ${age} old`, 'muted'),
  ];
}
