import { Box } from 'ink';
import type { ReactNode } from 'react';
import {
  approximateSentence,
  formatCount,
  formatMoney,
  formatPlural,
  monthSentences,
  supervisionSentences,
} from '../format/index.ts';
import { visibleSpend } from '../state/lists.ts';
import { projectName } from '../state/project-name.ts';
import {
  spendDimensions,
  spendRows,
  type SpendDimension,
  type SpendRow,
} from '../tables/spend-rows.ts';
import type { AppState } from '../state/state.ts';
import { drawTable } from '../tables/table.ts';
import { spendColumnsBy } from '../tables/spend.ts';
import type { Area } from '../layout/screen.ts';
import { wrapText } from '../text/index.ts';
import { gap, plain, styled, type Line, type RenderStyle } from '../theme/index.ts';
import type { PaneInput } from './common.ts';
import { JudgesPane } from './judges.tsx';
import { emptyLine, innerHeight, innerWidth, Pane, TablePane } from './pane.tsx';
import { SpendByDay } from './spend-by-day.tsx';

/** What was paid: the month, its forecast and its budget; to whom, for what, when; and who judged. */
export function CostTab({ state, style, area }: PaneInput): ReactNode {
  const { width, height } = area;
  const input = { state, style };
  const month = monthLines(state, style, { width: width - 4, height: height < 18 ? 2 : 4 });
  const above = height < 12 ? 0 : month.length + 2;
  const below = height >= 24 && state.spendBy !== 'day' ? Math.max(8, Math.floor(height * 0.3)) : 0;
  const between = height - above - below;
  const isWide = width >= 110;
  const left = isWide ? Math.floor(width * 0.55) : width;
  // What the list leaves blank shows the same money told by something else.
  const other = state.spendBy === 'run' ? 'model' : 'run';
  const spare = between - Math.max(8, visibleSpend(state).length + 3);
  const second = isWide && spare >= 7 ? spare : 0;
  const roles = Math.min(
    Math.max(6, roleLines(state, style, width - left - 4).length + 2),
    between,
  );
  return (
    <Box flexDirection="column">
      {above === 0 ? undefined : (
        <MonthPane {...input} lines={month} area={{ width, height: above }} />
      )}
      <Box>
        <Box flexDirection="column">
          <SpendPane {...input} area={{ width: left, height: between - second }} isFocused />
          {second === 0 ? undefined : (
            <SpendPane {...input} by={other} area={{ width: left, height: second }} />
          )}
        </Box>
        {isWide ? (
          <Box flexDirection="column">
            <RolesPane {...input} area={{ width: width - left, height: roles }} />
            {between - roles < 4 ? undefined : (
              <JudgesPane {...input} area={{ width: width - left, height: between - roles }} />
            )}
          </Box>
        ) : undefined}
      </Box>
      {below === 0 ? undefined : <SpendByDay {...input} area={{ width, height: below }} />}
    </Box>
  );
}

/** The month so far and by its end, what matters first: as many whole sentences as there is room for. */
function monthLines(
  { insight, moneyLimits }: AppState,
  style: RenderStyle,
  { width, height }: Area,
): Line[] {
  if (insight === undefined) return [];
  const [first = '', ...others] = monthSentences(insight.month, moneyLimits, insight.window.to);
  const { monthBudgetUsd } = moneyLimits;
  // How it is worked out can wait; how far the budget is cannot.
  const ordered = monthBudgetUsd === undefined ? others : others.toReversed();
  const lines: Line[] = [];
  for (const [index, sentence] of [first, ...ordered].entries()) {
    const wrapped = wrapText(plain(sentence, style), width);
    if (index > 0 && lines.length + wrapped.length > height) continue;
    const [role, isBold] = index === 0 ? [undefined, true] : (['muted', false] as const);
    lines.push(...wrapped.map((line): Line => [gap(1), styled(line, role, isBold)]));
  }
  return lines;
}

function MonthPane({ area, style, lines }: PaneInput & { lines: readonly Line[] }): ReactNode {
  return (
    <Pane
      title={[styled('THIS MONTH', 'title', true)]}
      note={[styled('all that was paid, whatever the window is', 'muted')]}
      area={area}
      style={style}
      lines={lines.map((line) => ({ line }))}
    />
  );
}

/** `by`: told by something else than the list that keys move in. */
function SpendPane({ by, ...input }: PaneInput & { by?: SpendDimension }): ReactNode {
  const { style } = input;
  const state = by === undefined ? input.state : { ...input.state, spendBy: by };
  const { insight, spendBy } = state;
  const nameOf = ({ by, id }: SpendRow): string =>
    by === 'run' ? [id, projectName(state, id)].filter(Boolean).join('  ') : id;
  const rows = visibleSpend(state);
  const all = insight === undefined ? 0 : spendRows(insight, spendBy).length;
  const shown = state.filter === '' ? '' : `${formatCount(rows.length)} of `;
  const total = insight?.spend.totalUsd ?? 0;
  // Of a history without calls nobody knows what was for answers: two empty columns would take the bars' room.
  const isByTaskOnly =
    spendBy === 'model' &&
    !rows.some(({ answersUsd = 0, reviewsUsd = 0 }) => answersUsd + reviewsUsd > 0);
  return (
    <TablePane
      {...input}
      state={state}
      list="spend"
      columns={spendColumnsBy[isByTaskOnly ? 'run' : spendBy]}
      facts={{ nameOf, title: spendBy === 'role' ? 'for' : spendBy }}
      rows={rows}
      idOf={({ id }) => id}
      title={[
        styled('SPEND', 'title', true),
        styled(`  ${formatMoney(total)}`, undefined, true),
        ...(by === undefined ? dimensionSpans(state) : [styled(`  by ${by}`, 'muted')]),
      ]}
      note={() => [styled(shown + formatPlural(all, spendBy), 'muted')]}
      isFromTop={by !== undefined}
      empty={nothingSpent(style)}
    />
  );
}

/** `by [model] role project day`: which one ← and → have reached. */
function dimensionSpans({ spendBy }: AppState): Line {
  return [
    styled('  by', 'muted'),
    ...spendDimensions.map((one) =>
      one === spendBy ? styled(` [${one}]`, 'accent', true) : styled(` ${one}`, 'muted'),
    ),
  ];
}

function RolesPane({ state, style, area }: PaneInput): ReactNode {
  const lines = roleLines(state, style, innerWidth(area) - 2);
  return (
    <Pane
      title={[styled('WHAT IT WAS FOR', 'title', true)]}
      area={area}
      style={style}
      lines={
        lines.length === 0
          ? [emptyLine(nothingSpent(style))]
          : lines.slice(0, innerHeight(area)).map((line) => ({ line }))
      }
    />
  );
}

const nothingSpent = (style: RenderStyle): string =>
  plain('Nothing was spent in this window.', style);

function roleLines({ insight, moneyLimits }: AppState, style: RenderStyle, width: number): Line[] {
  if (insight === undefined) return [];
  const rows = spendRows(insight, 'role');
  const table = drawTable(spendColumnsBy.role, {
    rows,
    facts: { nameOf: ({ id }) => id, title: '' },
    style,
    width: width + 2,
  });
  const sentences = [
    ...supervisionSentences(insight.spend, moneyLimits),
    ...(insight.spend.approximate ? [approximateSentence] : []),
  ];
  return [
    ...rows.map((row) => table.line(row, {})),
    ...sentences
      .flatMap((sentence) => wrapText(plain(sentence, style), width))
      .map((line): Line => [gap(2), styled(line, 'muted')]),
  ];
}
