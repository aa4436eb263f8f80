import { Box } from 'ink';
import type { ReactNode } from 'react';
import { formatMoney, formatPart, paceOf, roleRows } from '../format/index.ts';
import { visibleRoutes } from '../state/route-lists.ts';
import type { AppState } from '../state/state.ts';
import { routes, type RouteRow } from '../tables/routes.ts';
import { plain, styled, type Line, type RenderStyle } from '../theme/index.ts';
import { factsLine, type PaneInput } from './common.ts';
import { countOf, innerHeight, innerWidth, TablePane } from './pane.tsx';
import { WhatIfPane, whatIfHeight } from './what-if.tsx';

/** Every task type in the order of its money: who gets the work, what it costs, what to change. */
export function RoutesTab({ state, style, area }: PaneInput): ReactNode {
  const { whatIf } = state;
  const above = whatIf === undefined ? 0 : whatIfHeight(whatIf, area.height);
  const rows = visibleRoutes(state);
  const all = state.insight?.routes.length ?? 0;
  const count = `${countOf(rows.length, all)} `;
  return (
    <Box flexDirection="column">
      {whatIf === undefined ? undefined : (
        <WhatIfPane {...{ state, style, whatIf }} area={{ width: area.width, height: above }} />
      )}
      <TablePane
        state={state}
        style={style}
        area={{ width: area.width, height: area.height - above }}
        isFocused
        list="routes"
        columns={routes}
        facts={undefined}
        rows={rows}
        idOf={({ taskType }) => taskType}
        title={[
          styled('ROUTES', 'title', true),
          styled(`  ${count}${all === 1 ? 'task type' : 'task types'}`, 'muted'),
          styled(isOffered(state, rows) ? '' : '  none of their models is set up here', 'warn'),
        ]}
        note={() => moneyNote({ state })}
        {...(rows.length + legendLines >
        innerHeight({ width: area.width, height: area.height - above })
          ? {}
          : { legend: legendOf(state, rows, style, innerWidth(area)) })}
      />
    </Box>
  );
}

/** Lines of the list besides its rows where the legend stands below them: the titles, a blank one, the legend. */
const legendLines = 3;

/** Whether routing has models for what is shown: without, the one that did most is all there is to name. */
const isOffered = ({ notOffered }: AppState, rows: readonly RouteRow[]): boolean =>
  rows.length === 0 || rows.some(({ taskType }) => !notOffered.includes(taskType));

/** What the columns mean, as far as there is room. */
function legendOf(
  state: AppState,
  rows: readonly RouteRow[],
  style: RenderStyle,
  width: number,
): Line {
  const { insight } = state;
  const hasSaving = rows.some(({ alternative, likely }) => alternative ?? likely?.alternative);
  const facts = [
    `goes to: ${isOffered(state, rows) ? 'what a run started now would choose' : 'who did most of it'}`,
    ...(hasSaving && insight !== undefined ? [`/mo: ${paceOf(insight)}`] : []),
    ...(rows.some(({ likely }) => likely !== undefined)
      ? ['not yet: advice says what would settle it']
      : []),
    '$/task: all in, reviews too',
  ];
  return factsLine(
    facts.map((text) => [styled(plain(text, style), 'muted')]),
    width,
    style,
  );
}

/** What was paid for answers, reviews and the rest, told apart. */
function moneyNote({ state }: Pick<PaneInput, 'state'>): Line {
  const spend = state.insight?.spend;
  if (spend === undefined || spend.totalUsd <= 0) return [];
  const parts = roleRows(spend).map(
    ({ name, costUsd }) => `${name} ${formatPart(costUsd, spend.totalUsd)}`,
  );
  // A filter hides rows, and none of what was paid.
  const whole = state.filter === '' ? '' : ' in all';
  return [styled(`${formatMoney(spend.totalUsd)}${whole}: ${parts.join(', ')}`, 'muted')];
}
