import type { ReactNode } from 'react';
import type { RunState, TaskState } from '../../domain/run-state.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { formatElapsed, formatMoney, formatPlural, formatScore, nothing } from '../format/index.ts';
import { progress } from '../layout/bars.ts';
import { selectedIndex, visibleRuns } from '../state/lists.ts';
import { isDone } from '../../domain/task-standing.ts';
import { cutEnd, cutMiddle, pad, widthOf } from '../text/index.ts';
import type { Role } from '../theme/palette.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import { pointer } from '../tables/draw.ts';
import { plain } from '../theme/signs.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane, type PaneLine } from './pane.tsx';
import { phaseWords } from '../tables/task-words.ts';

/** Runs in progress on this machine: how far, at what cost, who does what, what came out. */
export function LiveTab({ state, style, area }: PaneInput): ReactNode {
  const runs = visibleRuns(state);
  const selected = selectedIndex(
    state,
    'runs',
    runs.map(({ projectId }) => projectId),
  );
  const width = innerWidth(area) - 1;
  const lines =
    runs.length === 0
      ? quietLines(state.filter !== '')
      : runLines(runs, selected, width, innerHeight(area), style);
  const active = runs.filter(({ finished }) => finished === undefined).length;
  return (
    <Pane
      title={[styled('LIVE', 'title', true), styled(`  ${formatPlural(active, 'run')}`, 'muted')]}
      note={[styled('of every process on this machine', 'muted')]}
      area={area}
      style={style}
      isFocused
      lines={lines}
    />
  );
}

function quietLines(isFiltered: boolean): PaneLine[] {
  if (isFiltered) return [{ line: [gap(2), styled('nothing matches the filter', 'muted')] }];
  return [
    { line: [] },
    { line: [gap(2), styled('No run is in progress.', 'title', true)] },
    { line: [gap(2), styled('Start one in another terminal, and it shows here:', 'muted')] },
    {
      line: [gap(2), styled('orchestrator run --project "..." --criteria "..."', 'accent', true)],
    },
  ];
}

/** Every run in one line, the selected one with its workers and its finished tasks below. */
function runLines(
  runs: readonly RunState[],
  selected: number,
  width: number,
  height: number,
  style: RenderStyle,
): PaneLine[] {
  // The other runs keep a line each while they leave the selected one most of the room.
  const most = Math.max(1, Math.floor(height / 3));
  const from = Math.max(0, Math.min(selected - most + 1, runs.length - most));
  const shown = runs.slice(from, from + most);
  const room = height - shown.length;
  return shown.flatMap((run, index) => {
    const isSelected = from + index === selected;
    const head: PaneLine = {
      line: [pointer(isSelected, style), ...headOf(run, width - 2, style)],
      isSelected,
    };
    return isSelected ? [head, ...detailOf(run, width, room, style)] : [head];
  });
}

const barColumns = 22;

function headOf(run: RunState, width: number, style: RenderStyle): Line {
  const tasks = [...run.tasks.values()];
  const done = tasks.filter(isDone).length;
  const share = tasks.length === 0 ? 0 : done / tasks.length;
  const [full, rest] = progress(share, width >= 90 ? barColumns : 10, style.glyphs);
  const numbers: Line = [
    gap(2),
    styled(full, 'good'),
    styled(rest, 'border'),
    styled(tasks.length === 0 ? '  planning' : `  ${done}/${tasks.length} tasks`),
    styled(`  ${formatMoney(run.spentUsd)}`, 'title', true),
    styled(` of ${formatMoney(run.budgetUsd)}`, spendRole(run)),
    styled(`  ${formatElapsed(run.lastEventAt - run.startedAt)}`, 'muted'),
    ...statusSpans(run),
  ];
  const taken = numbers.reduce((sum, { text }) => sum + widthOf(text), 0);
  const room = Math.max(8, width - taken);
  const id = cutMiddle(style.clean(run.projectId), Math.min(24, room), style.glyphs.ellipsis);
  const left = room - widthOf(id) - 2;
  const name = left < 8 ? '' : `  ${cutEnd(style.clean(run.project), left, style.glyphs.ellipsis)}`;
  return [
    styled(id, 'accent', true),
    styled(pad(name, Math.max(0, room - widthOf(id)))),
    ...numbers,
  ];
}

const spendRole = ({ spentUsd, budgetUsd }: RunState) =>
  budgetUsd > 0 && spentUsd > 0.9 * budgetUsd ? 'warn' : 'muted';

function statusSpans({ finished, simulated }: RunState): Line {
  const status: Line =
    finished === undefined
      ? []
      : [gap(2), styled(finished.status, finished.status === 'success' ? 'good' : 'warn', true)];
  return simulated ? [...status, gap(2), styled('SIMULATED', 'simulated')] : status;
}

function detailOf(run: RunState, width: number, height: number, style: RenderStyle): PaneLine[] {
  const tasks = [...run.tasks.values()];
  const running = tasks.filter(({ status }) => status === 'running');
  const finished = tasks
    .filter(isDone)
    .toSorted((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0));
  const widths = {
    id: Math.min(12, Math.max(3, ...tasks.map(({ id }) => widthOf(style.clean(id))))),
    type: Math.min(14, Math.max(8, ...tasks.map((task) => widthOf(typeOf(task, style))))),
    model: Math.min(
      Math.max(12, width - 62),
      Math.max(12, ...tasks.map(({ model }) => widthOf(style.clean(model ?? '')))),
    ),
  };
  const notice = run.notices.at(-1);
  const now = running.map((task): Line => [
    gap(4),
    ...taskSpans(task, widths, style),
    ...workSpans(task),
  ]);
  const done = finished.map((task, index): Line => [
    styled(index === 0 ? 'done' : '    ', 'muted'),
    ...taskSpans(task, widths, style),
    ...outcomeSpans(task, width, style),
  ]);
  const waiting = tasks.length - running.length - finished.length;
  const rest: Line[] = [
    ...(waiting === 0
      ? []
      : [[gap(5), styled(`${formatPlural(waiting, 'task')} waiting`, 'muted')]]),
    ...(notice === undefined
      ? []
      : [
          [
            gap(5),
            styled('! ', 'warn'),
            styled(style.clean(plain(notice.message, style)), 'muted'),
          ],
        ]),
  ];
  return [...now, ...rest, ...done].slice(0, Math.max(0, height)).map((line) => ({ line }));
}

const typeOf = ({ type }: TaskState, style: RenderStyle): string =>
  style.clean(taskTypeLabel(type));

function taskSpans(
  task: TaskState,
  widths: { id: number; type: number; model: number },
  style: RenderStyle,
): Line {
  const part = (text: string, width: number) =>
    pad(cutMiddle(style.clean(text), width, style.glyphs.ellipsis), width);
  return [
    gap(1),
    styled(part(task.id, widths.id), 'accent'),
    gap(2),
    styled(part(taskTypeLabel(task.type), widths.type), 'muted'),
    gap(2),
    styled(part(task.model ?? nothing, widths.model)),
    gap(2),
  ];
}

function workSpans({ phase, iteration, score }: TaskState): Line {
  return [
    styled(pad(phase === undefined ? 'starting' : phaseWords[phase], 12), 'warn'),
    styled(iteration > 1 ? `  attempt ${iteration}` : ''),
    styled(score === undefined ? '' : `  best ${formatScore(score)}`, 'muted'),
  ];
}

const statusRoles = {
  accepted: 'good',
  'best-effort': 'warn',
  failed: 'bad',
  running: 'muted',
  waiting: 'muted',
} as const satisfies Record<TaskState['status'], Role>;

function outcomeSpans(
  { score, costUsd, iteration, status }: TaskState,
  width: number,
  style: RenderStyle,
): Line {
  return [
    styled(formatScore(score), undefined, true),
    styled(`  ${pad(formatMoney(costUsd), 9, 'right')}`),
    ...(width < 80 ? [] : [styled(`  ${pad(formatPlural(iteration, 'attempt'), 10)}`, 'muted')]),
    styled(plain(`  ${status}`, style), statusRoles[status]),
  ];
}
