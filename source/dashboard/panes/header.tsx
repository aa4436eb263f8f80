import { Text } from 'ink';
import type { ReactNode } from 'react';
import { problemMeanwhile } from '../../domain/database-problem.ts';
import {
  formatAge,
  formatLeftOut,
  formatMoney,
  formatPlural,
  formatQuality,
  formatSince,
  monthName,
} from '../format/index.ts';
import type { AppState } from '../state/state.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { fitLine, gap, paint, styled, widthOfLine, type Line } from '../theme/text-span.ts';

/** One line over everything: what the window holds, and whether the screen follows it. */
export function Header({ state, style }: { state: AppState; style: RenderStyle }): ReactNode {
  return <Text wrap="truncate">{paint(headerLine(state, style), style)}</Text>;
}

function headerLine(state: AppState, style: RenderStyle): Line {
  const width = state.size.columns;
  const right: Line = [
    ...(state.simulated ? [styled('SIMULATED', 'simulated', true), gap(2)] : []),
    ...statusSpans(state, style),
    gap(1),
  ];
  const room = width - widthOfLine(right) - 2;
  const left = summaryLines(state, style).find((line) => widthOfLine(line) <= room) ?? [];
  return fitLine([...left, gap(width - widthOfLine(left) - widthOfLine(right)), ...right], width);
}

/** The summary in ever fewer words. */
function summaryLines(state: AppState, style: RenderStyle): Line[] {
  const summary = state.insight?.summary;
  const separator = styled(` ${style.glyphs.separator} `, 'border');
  const days = state.days === 1 ? 'last day' : `last ${state.days} days`;
  if (summary === undefined) return [[gap(1), styled(days)]];
  const runs = styled(formatPlural(summary.runs, 'run'), 'title', true);
  const money = styled(formatMoney(summary.totalCostUsd), 'title', true);
  const quality = styled(formatQuality(summary.averageQuality), 'title', true);
  const total: Line = [money, styled(' total')];
  const average: Line = [styled('avg quality '), quality];
  const short: Line = [styled('q '), quality];
  const between = (...parts: Line[]): Line =>
    parts.flatMap((part, index) => (index === 0 ? [gap(1), ...part] : [separator, ...part]));
  return [
    between([runs], total, average, [styled(days)], monthParts(state)),
    between([runs], total, average, [styled(days)], monthParts(state, 3)),
    between([runs], total, average, [styled(days)], monthParts(state, 3, false)),
    between([runs], total, average, [styled(days)]),
    between([runs], [money], short, [styled(`${state.days} d`)]),
    between([money], short, [styled(`${state.days} d`)]),
    between([money], [styled(`${state.days} d`)]),
    between([styled(`${state.days} d`)]),
  ];
}

/** `November $12.40 of $50.00, about $18.20 by its end` */
function monthParts(
  { insight, moneyLimits: { monthBudgetUsd } }: AppState,
  letters = Infinity,
  hasForecast = true,
): Line {
  if (insight === undefined) return [];
  const { from, spentUsd, forecast } = insight.month;
  const budget = monthBudgetUsd === undefined ? '' : ` of ${formatMoney(monthBudgetUsd)}`;
  const isBeyond = monthBudgetUsd !== undefined && (forecast?.usd ?? spentUsd) > monthBudgetUsd;
  return [
    styled(`${monthName(from).slice(0, letters)} so far `),
    styled(formatMoney(spentUsd), 'title', true),
    styled(budget),
    ...(forecast === null || !hasForecast
      ? []
      : [styled(`, about ${formatMoney(forecast.usd)} by its end`, isBeyond ? 'warn' : undefined)]),
  ];
}

function statusSpans(state: AppState, style: RenderStyle): Line {
  if (state.isPaused) return [styled(`${style.glyphs.paused} paused`, 'warn', true)];
  const { status } = state.data;
  if (status === 'ready' && state.data.offlineSince !== undefined) {
    const since = formatSince(state.data.offlineSince, state.now);
    return [styled(`${style.glyphs.confidence.WARM} OFFLINE since ${since}`, 'warn', true)];
  }
  if (status === 'ready' || status === 'empty')
    return [styled(`${style.glyphs.live} live`, 'good')];
  return [styled(`${style.glyphs.confidence.WARM} waiting`, 'warn')];
}

/** What is the matter with the data while the last good data stays on screen; nothing when all is well. */
export function bannerLine(state: AppState, style: RenderStyle): Line | undefined {
  const { data } = state;
  if (data.status === 'ready') {
    const note =
      data.newerSchema === undefined
        ? state.insight && formatLeftOut(state.insight.leftOut)
        : `${style.clean(state.path)} was written by a newer version: only what this one knows is shown`;
    return note === undefined ? undefined : [styled(` ! ${note}`, 'warn')];
  }
  if (state.insight === undefined || data.status === 'empty' || data.status === 'loading') {
    return undefined;
  }
  const age = formatAge(state.now - (state.readAt ?? state.now));
  const name = state.path.split(/[\\/]/).at(-1) ?? state.path;
  return [
    styled(` ! ${style.clean(problemMeanwhile(data, state.path, name))}`, 'warn', true),
    styled(`  data is ${age} old`, 'muted'),
  ];
}
