import type { ReactNode } from 'react';
import type { EventRow } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatMoney,
  formatMoment,
  formatPlural,
  formatScore,
  nothing,
  notJudged,
} from '../format/index.ts';
import { sliceAround } from '../layout/scroll.ts';
import { headLine, placeColumns, rowLine, type Column } from '../layout/table.ts';
import { selectedIndex } from '../state/lists.ts';
import { topLevel, type OpenModel } from '../state/state.ts';
import { pad, wrapText } from '../text/index.ts';
import type { Look } from '../theme/look.ts';
import { gap, span, type Line } from '../theme/span.ts';
import { pointer, pointerWidth, type PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane } from './pane.tsx';

/** The last finished tasks of a model, the newest first. */
export function EventsPane({
  state,
  look,
  area,
  openModel,
  isFocused,
}: PaneInput & { openModel: OpenModel }): ReactNode {
  const rows = openModel.detail.lastEvents;
  const selected = selectedIndex(
    state,
    'events',
    rows.map(({ id }) => String(id)),
  );
  const slice = sliceAround(rows.length, selected, innerHeight(area) - 1);
  const columns = placeColumns(columnsFor(look), rows, innerWidth(area) - pointerWidth - 1);
  const lines = rows.slice(slice.from, slice.to).map((row, index) => {
    const isSelected = slice.from + index === selected;
    return { line: [pointer(isSelected, look), ...rowLine(columns, row, look)], isSelected };
  });
  return (
    <Pane
      title={[span('LAST EVENTS', 'title', true)]}
      area={area}
      look={look}
      isFocused={isFocused === true}
      more={slice}
      lines={[{ line: [gap(pointerWidth), ...headLine(columns)] }, ...lines]}
    />
  );
}

const columnsFor = (look: Look): Column<EventRow>[] => [
  { title: 'when', cell: ({ recordedAt }) => span(formatMoment(recordedAt), 'muted'), drop: 3 },
  {
    title: 'task',
    cut: { where: 'middle', atLeast: 6 },
    cell: ({ taskId }) => span(look.clean(taskId), 'accent'),
  },
  {
    title: 'type',
    cut: { where: 'middle', atLeast: 8 },
    cell: ({ taskType }) => span(look.clean(taskTypeLabel(taskType))),
  },
  {
    title: 'reviewer',
    cut: { where: 'middle', atLeast: 10 },
    drop: 4,
    cell: ({ reviewer }) => span(look.clean(reviewer ?? nothing), 'muted'),
  },
  {
    title: 'run',
    cut: { where: 'middle', atLeast: 8 },
    drop: 2,
    stretch: true,
    cell: ({ projectId }) => span(look.clean(projectId), 'muted'),
  },
  {
    title: 'attempts',
    align: 'right',
    drop: 5,
    cell: ({ iterations }) => span(String(iterations), 'muted'),
  },
  {
    title: 'checks',
    min: 6,
    drop: 1,
    cell: ({ deterministicPassed }) =>
      deterministicPassed ? span('passed', 'good') : span('failed', 'bad'),
  },
  {
    title: 'cost',
    align: 'right',
    min: 8,
    cell: ({ costUsd }) => span(formatMoney(costUsd)),
  },
  {
    title: 'score',
    align: 'right',
    min: 5,
    cell: ({ score }) => span(formatScore(score), undefined, true),
  },
];

/** One level down from an event: all of it. */
export function EventView({ state, look, area }: PaneInput): ReactNode {
  const level = topLevel(state);
  const event = state.openModel?.detail.lastEvents.find(
    ({ id }) => level?.kind === 'event' && id === level.eventId,
  );
  const width = innerWidth(area) - 18;
  const lines: Line[] =
    event === undefined
      ? [[gap(2), span('This event has left the list of the last ones.', 'muted')]]
      : factsOf(event).flatMap(([name, value]): Line[] => {
          const [first = '', ...rest] = wrapText(look.clean(value), width);
          return [
            [gap(2), span(pad(name, 14), 'muted'), span(first, 'title')],
            ...rest.map((line): Line => [gap(16), span(line, 'title')]),
          ];
        });
  return (
    <Pane
      title={[span('EVENT', 'title', true)]}
      note={[span('y copies it', 'muted')]}
      area={area}
      look={look}
      isFocused
      lines={lines.map((line) => ({ line }))}
    />
  );
}

const factsOf = (event: EventRow): [string, string][] => [
  ['event', String(event.id)],
  ['when', formatMoment(event.recordedAt)],
  ['run', event.projectId],
  ['task', event.taskId],
  ['task type', taskTypeLabel(event.taskType)],
  ['model', event.model],
  ['reviewer', event.reviewer ?? 'none'],
  ['score', event.score === undefined ? notJudged : String(event.score)],
  ['cost', `${formatMoney(event.costUsd)}, with critics and judges`],
  ['attempts', formatPlural(event.iterations, 'attempt')],
  ['checks', event.deterministicPassed ? 'passed, or there were none' : 'failed'],
];
