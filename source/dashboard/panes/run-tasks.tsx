import type { ReactNode } from 'react';
import { isLive, type RunState, type TaskState } from '../../domain/run-state.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { formatMoney, formatScore } from '../format/index.ts';
import { sliceAround } from '../layout/scroll.ts';
import { headLine, placeColumns, rowLine, type Column, type Merged } from '../layout/table.ts';
import { selectedIndex, visibleTasks } from '../state/lists.ts';
import { isDone, standingsOf, type Standings } from '../state/task-standing.ts';
import { markOf } from '../run-view/task-marks.ts';
import type { Look } from '../theme/look.ts';
import { gap, span } from '../theme/span.ts';
import { plain, pointer, pointerWidth, type PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane, type PaneLine } from './pane.tsx';
import { standingWords, timeOf } from './task-words.ts';

/** More tasks than these are not all measured for the widths of the columns, only those on screen. */
const mostMeasured = 500;

/** All tasks of the open run in the order of its plan. */
export function RunTasksPane({ state, look, area, run }: PaneInput & { run: RunState }): ReactNode {
  const tasks = visibleTasks(state);
  const selected = selectedIndex(
    state,
    'tasks',
    tasks.map(({ id }) => id),
  );
  const slice = sliceAround(tasks.length, selected, innerHeight(area) - 1);
  const shown = tasks.slice(slice.from, slice.to);
  const standings = standingsOf(run, state.now);
  const columns = placeColumns(
    columnsFor(run, standings, state.now, look),
    tasks.length > mostMeasured ? shown : tasks,
    innerWidth(area) - pointerWidth - 1,
  );
  const rows = shown.map((task, index): PaneLine => {
    const isSelected = slice.from + index === selected;
    const merged = hasNumbers(task) ? undefined : wordsAlone(task, run, standings, look);
    const line = [pointer(isSelected, look), ...rowLine(columns, task, look, merged)];
    return { line, isSelected };
  });
  const follows = state.selections.tasks === undefined && isLive(run, state.now);
  const count =
    tasks.length === run.tasks.size ? `${tasks.length}` : `${tasks.length} of ${run.tasks.size}`;
  return (
    <Pane
      title={[span('TASKS', 'title', true), span(`  ${count}`, 'muted')]}
      {...(follows ? { note: [span('follows the work', 'muted')] } : {})}
      area={area}
      look={look}
      isFocused
      more={slice}
      lines={
        rows.length === 0
          ? [{ line: [gap(2), span(emptyWords(run), 'muted')] }]
          : [{ line: [gap(pointerWidth), ...headLine(columns)] }, ...rows]
      }
    />
  );
}

const emptyWords = ({ tasks }: RunState): string =>
  tasks.size === 0 ? 'The plan is not made yet.' : 'nothing matches the filter';

/** A task that was never at work has nothing but words, and the room of the numbers for them. */
const hasNumbers = ({ startedAt, costUsd }: TaskState): boolean =>
  startedAt !== undefined || costUsd > 0;

function wordsAlone(task: TaskState, run: RunState, standings: Standings, look: Look): Merged {
  const { role } = markOf(standings.of(task), look.ascii);
  const words = look.clean(plain(standingWords(task, run, standings, look), look));
  return {
    titles: ['state', 'score', 'tries', 'cost', 'time'],
    align: 'left',
    cell: () => span(words, role),
  };
}

function columnsFor(
  run: RunState,
  standings: Standings,
  now: number,
  look: Look,
): Column<TaskState>[] {
  const mark = (task: TaskState) => markOf(standings.of(task), look.ascii);
  const words = (text: string) => look.clean(plain(text, look));
  return [
    { title: '', cell: (task) => span(mark(task).sign, mark(task).role, true) },
    {
      title: 'task',
      cut: { where: 'middle', atLeast: 8 },
      cell: ({ id }) => span(look.clean(id), 'accent'),
    },
    {
      title: 'type',
      cut: { where: 'middle', atLeast: 9 },
      drop: 5,
      cell: ({ type }) => span(look.clean(taskTypeLabel(type)), 'muted'),
    },
    {
      title: 'model',
      cut: { where: 'middle', atLeast: 14 },
      drop: 1,
      cell: ({ author }) => span(look.clean(author ?? '')),
    },
    {
      title: 'state',
      // Room for the words of a phase, so that nothing moves when they come and go.
      min: 12,
      cut: { where: 'end', atLeast: 12 },
      stretch: true,
      cell: (task) =>
        hasNumbers(task)
          ? span(words(standingWords(task, run, standings, look)), mark(task).role)
          : span(''),
    },
    {
      title: 'score',
      align: 'right',
      min: 5,
      cell: (task) =>
        // A best score so far is not yet the task's.
        isDone(task)
          ? span(formatScore(task.score), undefined, true)
          : span(task.score === undefined ? '' : formatScore(task.score), 'muted'),
    },
    {
      title: 'tries',
      align: 'right',
      drop: 3,
      cell: ({ iteration }) => span(iteration === 0 ? '' : String(iteration), 'muted'),
    },
    {
      title: 'cost',
      align: 'right',
      min: 7,
      drop: 2,
      cell: ({ costUsd }) => span(costUsd === 0 ? '' : formatMoney(costUsd)),
    },
    {
      title: 'time',
      align: 'right',
      min: 6,
      drop: 4,
      cell: (task) => span(timeOf(task, standings.of(task), now), 'muted'),
    },
  ];
}
