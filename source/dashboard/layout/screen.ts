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

/** What the overview shows: its panes, and where there is room for more what each day cost. */
export type ShownPane = OverviewPane | 'spend';

/** The overview as rows of panes side by side. */
export type OverviewLayout = { pane: ShownPane; area: Area }[][];

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
): OverviewLayout {
  if (width >= roomy.columns && height >= bodyHeight(roomy, false)) {
    return roomyLayout(width, height, longest);
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
function roomyLayout(width: number, height: number, longest: number): OverviewLayout {
  const upper = Math.max(12, Math.min(longest + tableFrame, Math.floor(height * 0.58)));
  const left = Math.max(88, Math.floor(width * 0.52));
  const cost = Math.max(60, Math.floor(width * 0.38));
  const spend = Math.max(36, Math.floor(width * 0.22));
  const lower = height - upper;
  return [
    [
      { pane: 'rankings', area: { width: left, height: upper } },
      { pane: 'leaders', area: { width: width - left, height: upper } },
    ],
    [
      { pane: 'cost', area: { width: cost, height: lower } },
      { pane: 'spend', area: { width: spend, height: lower } },
      { pane: 'recommendations', area: { width: width - cost - spend, height: lower } },
    ],
  ];
}
