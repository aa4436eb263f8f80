import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { mostLastTasks } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { ownValue } from '../../domain/own-value.ts';
import { formatCount, formatFineMoney, formatMoney, formatShare } from '../format/index.ts';
import { routeSentences } from '../format/route-words.ts';
import { routeLayout, type RoutePart } from '../layout/route.ts';
import type { Area } from '../layout/screen.ts';
import {
  openRoute,
  tasksInWindow,
  tasksOfRoute,
  visibleCandidates,
  visibleRouteTasks,
} from '../state/route-lists.ts';
import { openTaskType, topView, type AppState } from '../state/state.ts';
import { candidates } from '../tables/candidates.ts';
import { foundRouteTasks, routeTasks } from '../tables/events.ts';
import { sortOf } from '../tables/table.ts';
import { wrapText } from '../text/index.ts';
import { fitLine, gap, paint, plain, styled, type Line, type RenderStyle } from '../theme/index.ts';
import { factsLine, type PaneInput } from './common.ts';
import { countOf, TablePane } from './pane.tsx';
import { WhatIfPane, whatIfHeight } from './what-if.tsx';

/** One task type: who gets its work and why, what would have to change, its models in one order, and its tasks. */
export function RouteView({ state, style, area }: PaneInput): ReactNode {
  const { whatIf } = state;
  const view = topView(state);
  const part = view?.kind === 'route' ? view.part : 'models';
  const head = headLines(state, area, style);
  const above = whatIf === undefined ? 0 : whatIfHeight(whatIf, area.height - head.length);
  const rest = { width: area.width, height: area.height - head.length - above };
  const rows = { models: visibleCandidates(state), tasks: visibleRouteTasks(state) };
  const areas = routeLayout(rest, part, { models: rows.models.length, tasks: rows.tasks.length });
  const isAlone = areas.models === undefined || areas.tasks === undefined;
  const input = { state, style, part: isAlone ? part : undefined };
  return (
    <Box flexDirection="column">
      <Text wrap="truncate">{head.map((line) => paint(line, style)).join('\n')}</Text>
      {whatIf === undefined ? undefined : (
        <WhatIfPane {...{ state, style, whatIf }} area={{ width: area.width, height: above }} />
      )}
      {areas.models === undefined ? undefined : (
        <ModelsPane {...input} area={areas.models} isFocused={part === 'models'} />
      )}
      {areas.tasks === undefined ? undefined : (
        <TasksPane {...input} area={areas.tasks} isFocused={part === 'tasks'} />
      )}
    </Box>
  );
}

/** A part of the route; `part`: the one that stands alone. */
type PartInput = PaneInput & { part: RoutePart | undefined };

function ModelsPane({ part, ...input }: PartInput): ReactNode {
  const { state, style } = input;
  const rows = visibleCandidates(state);
  const taskType = style.clean(taskTypeLabel(openTaskType(state) ?? ''));
  const sort = sortOf('candidates', state.sorts);
  const isInOrder = sort?.column === 'rank' && !sort.descending;
  const all = visibleCandidates({ ...state, filter: '' }).length;
  const isKnown = state.routeDecision !== undefined;
  const isRouted = rows.some(({ candidate }) => candidate?.rank !== undefined);
  const order = isRouted
    ? 'in the order of routing: 90 days, and cost'
    : `${isKnown ? 'nothing is routed here: ' : ''}most work first`;
  return (
    <TablePane
      {...input}
      list="candidates"
      columns={candidates}
      facts={{ isKnown }}
      rows={rows}
      idOf={({ model }) => model}
      title={[
        styled('MODELS', 'title', true),
        styled(`  for ${taskType}`, 'muted'),
        ...(rows.length === all ? [] : [styled(`  ${countOf(rows.length, all)}`, 'muted')]),
      ]}
      note={() =>
        part === undefined ? [styled(isInOrder ? order : '', 'muted')] : partsLine(part, style)
      }
    />
  );
}

/** What was done: the tasks of the window, whoever did them and in which run. */
function TasksPane({ part, ...input }: PartInput): ReactNode {
  const { state, style } = input;
  const known = tasksOfRoute(state);
  const rows = visibleRouteTasks(state);
  const all = known?.length ?? 0;
  const total = tasksInWindow(state);
  const hasMore = all < total;
  const last = hasMore || all === mostLastTasks ? `the last ${all}` : String(all);
  const whole = hasMore ? `${last} of ${formatCount(total)}` : last;
  const count = rows.length === all ? whole : `${rows.length} of ${last}`;
  const hasFound = (known ?? []).some(({ found }) => found !== undefined);
  return (
    <TablePane
      {...input}
      list="route-tasks"
      columns={hasFound ? foundRouteTasks : routeTasks}
      facts={undefined}
      rows={rows}
      idOf={({ id }) => String(id)}
      title={[
        styled('TASKS', 'title', true),
        styled(known === undefined ? '' : `  ${count}`, 'muted'),
      ]}
      note={() =>
        part === undefined ? [styled('Enter opens the answers', 'muted')] : partsLine(part, style)
      }
      hasHead={rows.length > 0}
      {...(known === undefined ? { empty: 'They are being read.' } : {})}
    />
  );
}

/** The parts with the one that is shown, as ← and → go through them. */
const partsLine = (part: RoutePart, style: RenderStyle): Line =>
  [
    styled('‹ ', 'muted'),
    ...(['models', 'tasks'] as const).flatMap((name, index) => [
      gap(index),
      name === part ? styled(`[${name}]`, 'accent', true) : styled(name, 'muted'),
    ]),
    styled(' ›', 'muted'),
  ].map((piece) => ({ ...piece, text: plain(piece.text, style) }));

/** What is said above the lists takes at most half of the body, and leaves the lists these lines. */
const listLines = 6;

function headLines(state: AppState, { width, height }: Area, style: RenderStyle): Line[] {
  const most = Math.max(1, Math.min(Math.floor(height / 2), height - listLines));
  const route = openRoute(state);
  const isDecided = ownValue(state.chosen, openTaskType(state) ?? '') !== undefined;
  const sentences = routeSentences(state.routeDecision, isDecided);
  const lines = [
    ...(route === undefined
      ? []
      : [
          factsLine(
            [
              [styled(style.clean(route.model), 'title', true)],
              [styled(`${formatShare(route.share)} of its tasks`)],
              route.taskCostUsd === null
                ? []
                : [styled(`${formatFineMoney(route.taskCostUsd)} a task, all in`)],
              [styled(`${formatMoney(route.spentUsd)} spent`, 'title', true)],
              route.supervisionShare === null
                ? []
                : [styled(`${formatShare(route.supervisionShare)} of it reviews`, 'muted')],
              route.alternative === null
                ? []
                : [
                    styled(`could go to ${style.clean(route.alternative)}`, 'accent'),
                    styled(
                      route.monthlySavingsUsd === null
                        ? ''
                        : `: saves ${formatMoney(route.monthlySavingsUsd)} a month`,
                      'good',
                    ),
                  ],
            ].filter((fact) => fact.length > 0),
            width,
            style,
          ),
        ]),
    ...sentences
      .flatMap((sentence) => wrapText(style.clean(plain(sentence, style)), width - 2))
      .map((line): Line => [gap(1), styled(line, 'muted')]),
  ];
  if (lines.length <= most) return lines;
  // What is cut is seen to be.
  const last = lines[most - 1] ?? [];
  return [
    ...lines.slice(0, most - 1),
    fitLine([...last, gap(width)], width, style.glyphs.ellipsis),
  ];
}
