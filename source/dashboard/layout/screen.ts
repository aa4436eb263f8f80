/** The panes of the overview, in the order in which ← and → go through them. */
export const overviewPanes = ['rankings', 'leaders', 'cost', 'recommendations'] as const;
export type OverviewPane = (typeof overviewPanes)[number];

export type Size = { columns: number; rows: number };

/** A rectangle of the body, in cells. */
export type Area = { width: number; height: number };

/** Below this the screen only says that it is too small. */
export const smallest: Size = { columns: 40, rows: 10 };

export const isTooSmall = ({ columns, rows }: Size): boolean =>
  columns < smallest.columns || rows < smallest.rows;

/** Lines of the body: without the header, the tabs and the footer, and a banner where there is one. */
export const bodyHeight = ({ rows }: Size, hasBanner: boolean): number =>
  rows - 3 - (hasBanner ? 1 : 0);

/** What the overview shows: its panes, and where there is room for more what each day cost, and bars below the charts. */
export type ShownPane = OverviewPane | 'spend' | 'bars';

export type PlacedPane = { pane: ShownPane; area: Area };

/** Rows of panes side by side. */
export type PaneRows = PlacedPane[][];

/** The overview as rows of panes side by side; instead of one there may be rows of others. */
export type OverviewLayout = (PlacedPane | PaneRows)[][];

/** Lines of a table besides its rows: the frame, the titles, the legend and a blank one above it. */
const tableFrame = 5;

/** From here on more is shown, not the same with more blank. */
export const roomy: Size = { columns: 160, rows: 29 };

/**
 * Four panes where there is room for four; else the rankings and the chosen one of the others, side
 * by side or one over the other; else the chosen one alone.
 */
export function overviewLayout(
  width: number,
  height: number,
  chosen: OverviewPane,
  /** Lines that the rankings or the leaders have. */
  longest = Infinity,
  /** Whether any model has a place in the chart of quality by cost; without, its pane has the bars. */
  hasPoints = true,
): OverviewLayout {
  if (width >= roomy.columns && height >= bodyHeight(roomy, false)) {
    return roomyLayout({ width, height }, longest, hasPoints);
  }
  const second = chosen === 'rankings' ? 'recommendations' : chosen;
  if (width >= 120 && height >= 26) {
    const upper = Math.max(13, Math.min(longest + tableFrame, Math.floor(height * 0.58)));
    const left = Math.max(75, Math.floor(width * 0.6));
    const lowerLeft = Math.floor(width * 0.44);
    return [
      [
        { pane: 'rankings', area: { width: left, height: upper } },
        { pane: 'leaders', area: { width: width - left, height: upper } },
      ],
      [
        { pane: 'cost', area: { width: lowerLeft, height: height - upper } },
        { pane: 'recommendations', area: { width: width - lowerLeft, height: height - upper } },
      ],
    ];
  }
  if (width >= 120 && height >= 10) {
    const left = Math.max(75, Math.floor(width * 0.6));
    return [
      [
        { pane: 'rankings', area: { width: left, height } },
        { pane: second, area: { width: width - left, height } },
      ],
    ];
  }
  if (height >= 17) {
    const upper = Math.max(8, Math.min(longest + tableFrame, Math.ceil(height * 0.55)));
    return [
      [{ pane: 'rankings', area: { width, height: upper } }],
      [{ pane: second, area: { width, height: height - upper } }],
    ];
  }
  return [[{ pane: chosen, area: { width, height } }]];
}

/** Five panes: the tables as high as they are long, so that nothing but what can fill room gets it. */
function roomyLayout({ width, height }: Area, longest: number, hasPoints: boolean): OverviewLayout {
  const upper = Math.max(12, Math.min(longest + tableFrame, Math.floor(height * 0.58)));
  const left = Math.max(88, Math.floor(width * 0.52));
  const cost = Math.max(60, Math.floor(width * 0.38));
  const spend = Math.max(36, Math.floor(width * 0.22));
  const lower = height - upper;
  // Charts say no more by being taller: what is left over shows what a dollar buys.
  const bars = Math.min(longest + 3, lower - tallestChart);
  const charts = hasPoints && bars >= fewestBars ? lower - bars : lower;
  return [
    [
      { pane: 'rankings', area: { width: left, height: upper } },
      { pane: 'leaders', area: { width: width - left, height: upper } },
    ],
    [
      [
        [
          { pane: 'cost', area: { width: cost, height: charts } },
          { pane: 'spend', area: { width: spend, height: charts } },
        ],
        ...(charts === lower
          ? []
          : [[{ pane: 'bars' as const, area: { width: cost + spend, height: bars } }]]),
      ],
      { pane: 'recommendations', area: { width: width - cost - spend, height: lower } },
    ],
  ];
}

/** Lines of the charts from which on the lines that are left are worth more elsewhere. */
const tallestChart = 20;

/** Lines of bars that are worth a pane: the frame, the titles and a few. */
const fewestBars = 7;
