import type { ReactNode } from 'react';
import type { ModelRanking } from '../../domain/insight.ts';
import { formatMoney, formatPerThousand, formatQuality } from '../format/index.ts';
import { frontierOf, type JudgedModel } from '../layout/frontier.ts';
import { scatter, type ScatterPoint } from '../layout/scatter.ts';
import { sliceAround } from '../layout/table.ts';
import { selectedIndex, visibleRankings } from '../state/lists.ts';
import { isComparable } from '../tables/cost.ts';
import { pointer } from '../tables/table.ts';
import { cutMiddle, pad, widthOf } from '../text/index.ts';
import { fitLine, gap, plain, styled, type Line, type RenderStyle } from '../theme/index.ts';
import { CostPane } from './cost-bars.tsx';
import type { PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane, type PaneLine } from './pane.tsx';

/** Columns of the list beside the points, its names cut to fit. */
const mostName = 22;
/** What the capitals mean stands below it, whole. */
const leastName = 15;

/**
 * What a model costs against how good it is: a letter for each, capital where no other is both cheaper and
 * better. Beside them what each letter is; where there is no room for points, bars.
 */
export function ScatterPane(input: PaneInput): ReactNode {
  const { state, style, area, isFocused } = input;
  const all = visibleRankings(state, 'cost');
  const rows = all.filter(isJudged);
  const signs = signsOf(rows);
  const width = innerWidth(area);
  const height = innerHeight(area);
  const name = Math.min(mostName, Math.max(leastName, ...rows.map(({ model }) => widthOf(model))));
  const hasNumbers = width >= 72;
  const listWidth = name + 5 + (hasNumbers ? 15 : 0);
  const selected =
    all[
      selectedIndex(
        state,
        'cost',
        all.map(({ model }) => model),
      )
    ]?.model;
  const chosen = isFocused === true ? selected : undefined;
  const drawn = scatter(pointsOf(rows, signs, chosen), {
    width: width - listWidth - 1,
    height,
    formatX: (value) => formatMoney(value),
    formatY: (value) => plain(value.toFixed(2), style),
    style,
  });
  if (drawn.length === 0) return <CostPane {...input} />;
  const list = listLines(rows, signs, { height, name, chosen, style, hasNumbers });
  const lines = Array.from({ length: height }, (_, index): PaneLine => {
    const row = list.lines[index];
    return {
      line: [
        ...fitLine(drawn[index] ?? [], width - listWidth, style.glyphs.ellipsis),
        ...(row ?? []),
      ],
    };
  });
  const hidden = all.length - rows.length;
  return (
    <Pane
      title={[
        styled('QUALITY BY COST', 'title', true),
        styled('  $ per 1,000 calls', 'muted'),
        styled(hidden === 0 ? '' : `  ${hidden} not shown`, 'muted'),
      ]}
      area={area}
      style={style}
      isFocused={isFocused === true}
      more={list.more}
      lines={lines}
    />
  );
}

/** Free models have no place on a logarithmic scale. */
export const isJudged = (row: ModelRanking): row is JudgedModel =>
  isComparable(row) && row.qualityScore !== null && row.averageCostUsd > 0;

type Sign = { sign: string; isBest: boolean };

/** a, b, c … by model, capitals on the frontier; after z all others are alike. */
function signsOf(rows: readonly JudgedModel[]): ReadonlyMap<string, Sign> {
  const best = new Set(frontierOf(rows).map(({ model }) => model));
  return new Map(
    rows.map(({ model }, index) => {
      const letter = index < 26 ? String.fromCodePoint(97 + index) : '+';
      const isBest = best.has(model);
      return [model, { sign: isBest ? letter.toUpperCase().replace('+', '#') : letter, isBest }];
    }),
  );
}

/** In the order of what matters where two are in one place: the selected one, then those on the frontier. */
function pointsOf(
  rows: readonly JudgedModel[],
  signs: ReadonlyMap<string, Sign>,
  chosen: string | undefined,
): ScatterPoint[] {
  return rows
    .map(({ model, averageCostUsd, qualityScore }) => {
      const { sign, isBest } = signs.get(model) ?? { sign: '+', isBest: false };
      const isChosen = model === chosen;
      return {
        x: averageCostUsd * 1000,
        y: qualityScore,
        sign,
        role: isChosen ? ('accent' as const) : isBest ? ('good' as const) : ('muted' as const),
        isBold: isBest || isChosen,
      };
    })
    .toSorted((a, b) => rankOf(a) - rankOf(b));
}

const rankOf = ({ role }: ScatterPoint): number =>
  role === 'accent' ? 0 : role === 'good' ? 1 : 2;

/** What the letters are, with their numbers. */
function listLines(
  rows: readonly JudgedModel[],
  signs: ReadonlyMap<string, Sign>,
  options: {
    height: number;
    name: number;
    chosen: string | undefined;
    style: RenderStyle;
    /** The points say them too, roughly. */
    hasNumbers: boolean;
  },
): { lines: Line[]; more: { hasAbove: boolean; hasBelow: boolean } } {
  const { height, name, chosen, style, hasNumbers } = options;
  const at = Math.max(
    0,
    rows.findIndex(({ model }) => model === chosen),
  );
  const legend = height >= 8 ? 1 : 0;
  const meaning = hasNumbers ? 'CAPITAL: none cheaper and better' : 'CAPITAL = frontier';
  const head: Line[] = hasNumbers
    ? [
        [
          gap(4),
          styled(pad('model', name), 'muted'),
          styled(`${pad('$/k', 7, 'right')} quality`, 'muted'),
        ],
      ]
    : [];
  const slice = sliceAround(rows.length, at, height - legend - head.length);
  const lines = rows.slice(slice.from, slice.to).map((row): Line => {
    const { sign, isBest } = signs.get(row.model) ?? { sign: '+', isBest: false };
    const text = cutMiddle(style.clean(row.model), name, style.glyphs.ellipsis);
    return [
      pointer(row.model === chosen, style),
      styled(sign, isBest ? 'good' : 'muted', isBest),
      gap(1),
      styled(pad(text, name), isBest ? undefined : 'muted'),
      ...(hasNumbers
        ? [
            styled(pad(formatPerThousand(row.averageCostUsd), 7, 'right')),
            styled(pad(formatQuality(row.qualityScore), 8, 'right'), undefined, isBest),
          ]
        : []),
    ];
  });
  const blank = Array.from(
    { length: Math.max(0, height - legend - head.length - lines.length) },
    () => [],
  );
  return {
    lines: [
      ...head,
      ...lines,
      ...blank,
      ...(legend === 0 ? [] : [[gap(2), styled(meaning, 'muted')]]),
    ],
    more: slice,
  };
}
