import type { ReactNode } from 'react';
import type { EventRow } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { formatMoney, formatMoment, formatPlural, notJudged } from '../format/index.ts';
import { topView } from '../state/state.ts';
import { pad, wrapText } from '../text/index.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import { visibleEvents } from '../state/lists.ts';
import { events } from '../tables/events.ts';
import type { PaneInput } from './common.ts';
import { innerWidth, type PaneLine, TablePane } from './pane.tsx';
import { TextPane } from './text-pane.tsx';

/** The last finished tasks of a model, the newest first. */
export function EventsPane(input: PaneInput): ReactNode {
  return (
    <TablePane
      {...input}
      list="events"
      columns={events}
      facts={undefined}
      rows={visibleEvents(input.state)}
      idOf={({ id }) => String(id)}
      title={[styled('LAST EVENTS', 'title', true)]}
    />
  );
}

/** The view of an event: all of it. */
export function EventView(input: PaneInput): ReactNode {
  return (
    <TextPane
      title={[styled('EVENT', 'title', true)]}
      note={[styled('Enter opens its task, y copies it', 'muted')]}
      area={input.area}
      style={input.style}
      isFocused
      lines={eventLines(input)}
      top={input.state.scroll?.top ?? 0}
    />
  );
}

export function eventLines({ state, style, area }: PaneInput): PaneLine[] {
  const view = topView(state);
  const event = state.openModel?.detail.lastEvents.find(
    ({ id }) => view?.kind === 'event' && id === view.eventId,
  );
  const width = innerWidth(area) - 18;
  const lines: Line[] =
    event === undefined
      ? [[gap(2), styled('This event has left the list of the last ones.', 'muted')]]
      : factsOf(event).flatMap(([name, value]): Line[] => {
          const [first = '', ...rest] = wrapText(style.clean(value), width);
          return [
            [gap(2), styled(pad(name, 14), 'muted'), styled(first, 'title')],
            ...rest.map((line): Line => [gap(16), styled(line, 'title')]),
          ];
        });
  return lines.map((line) => ({ line }));
}

const factsOf = (event: EventRow): [string, string][] => [
  ['event', String(event.id)],
  ['when', formatMoment(event.recordedAt)],
  ['run', event.projectId],
  ['task', event.taskId],
  ['task type', taskTypeLabel(event.taskType)],
  ['model', event.model],
  ['reviewer', event.reviewer ?? 'none'],
  ['score', event.score === undefined ? notJudged : String(Number(event.score.toFixed(4)))],
  ['cost', `${formatMoney(event.costUsd)}, with critics and judges`],
  ['attempts', formatPlural(event.iterations, 'attempt')],
  ['checks', event.deterministicPassed ? 'passed, or there were none' : 'failed'],
];
