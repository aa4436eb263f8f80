import type { ReactNode } from 'react';
import type { RunState, TaskState } from '../../domain/run-state.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { formatElapsed, formatMoney, formatPlural, formatScore, nothing } from '../format/index.ts';
import { progress } from '../layout/bars.ts';
import { selectedIndex, visibleRuns } from '../state/lists.ts';
import { isDone } from '../../domain/task-standing.ts';
import { cutEnd, cutMiddle, pad, widthOf } from '../text/index.ts';
import type { Role } from '../theme/palette.ts';
import type { Look } from '../theme/look.ts';
import { gap, span, type Line } from '../theme/span.ts';
import { pointer } from '../tables/draw.ts';
import { plain } from '../theme/signs.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane, type PaneLine } from './pane.tsx';
import { phaseWords } from '../tables/task-words.ts';

/** Runs in progress on this machine: how far, at what cost, who does what, what came out. */
export function LiveTab({ state, look, area }: PaneInput): ReactNode {
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
      : runLines(runs, selected, width, innerHeight(area), look);
  const active = runs.filter(({ finished }) => finished === undefined).length;
  return (
    <Pane
      title={[span('LIVE', 'title', true), span(`  ${formatPlural(active, 'run')}`, 'muted')]}
      note={[span('of every process on this machine', 'muted')]}
      area={area}
      look={look}
      isFocused
      lines={lines}
    />
  );
}

function quietLines(isFiltered: boolean): PaneLine[] {
  if (isFiltered) return [{ line: [gap(2), span('nothing matches the filter', 'muted')] }];
  return [
    { line: [] },
    { line: [gap(2), span('No run is in progress.', 'title', true)] },
    { line: [gap(2), span('Start one in another terminal, and it shows here:', 'muted')] },
    { line: [gap(2), span('orchestrator run --project "..." --criteria "..."', 'accent', true)] },
  ];
}

/** Every run in one line, the selected one with its workers and its finished tasks below. */
function runLines(
  runs: readonly RunState[],
  selected: number,
  width: number,
  height: number,
  look: Look,
): PaneLine[] {
  // The other runs keep a line each while they leave the selected one most of the room.
  const most = Math.max(1, Math.floor(height / 3));
  const from = Math.max(0, Math.min(selected - most + 1, runs.length - most));
  const shown = runs.slice(from, from + most);
  const room = height - shown.length;
  return shown.flatMap((run, index) => {
    const isSelected = from + index === selected;
    const head: PaneLine = {
      line: [pointer(isSelected, look), ...headOf(run, width - 2, look)],
      isSelected,
    };
    return isSelected ? [head, ...detailOf(run, width, room, look)] : [head];
  });
}

const barColumns = 22;

function headOf(run: RunState, width: number, look: Look): Line {
  const tasks = [...run.tasks.values()];
  const done = tasks.filter(isDone).length;
  const share = tasks.length === 0 ? 0 : done / tasks.length;
  const [full, rest] = progress(share, width >= 90 ? barColumns : 10, look.glyphs);
  const numbers: Line = [
    gap(2),
    span(full, 'good'),
    span(rest, 'border'),
    span(tasks.length === 0 ? '  planning' : `  ${done}/${tasks.length} tasks`),
    span(`  ${formatMoney(run.spentUsd)}`, 'title', true),
    span(` of ${formatMoney(run.budgetUsd)}`, spendRole(run)),
    span(`  ${formatElapsed(run.lastEventAt - run.startedAt)}`, 'muted'),
    ...statusSpans(run),
  ];
  const taken = numbers.reduce((sum, { text }) => sum + widthOf(text), 0);
  const room = Math.max(8, width - taken);
  const id = cutMiddle(look.clean(run.projectId), Math.min(24, room), look.glyphs.ellipsis);
  const left = room - widthOf(id) - 2;
  const name = left < 8 ? '' : `  ${cutEnd(look.clean(run.project), left, look.glyphs.ellipsis)}`;
  return [span(id, 'accent', true), span(pad(name, Math.max(0, room - widthOf(id)))), ...numbers];
}

const spendRole = ({ spentUsd, budgetUsd }: RunState) =>
  budgetUsd > 0 && spentUsd > 0.9 * budgetUsd ? 'warn' : 'muted';

function statusSpans({ finished, simulated }: RunState): Line {
  const status: Line =
    finished === undefined
      ? []
      : [gap(2), span(finished.status, finished.status === 'success' ? 'good' : 'warn', true)];
  return simulated ? [...status, gap(2), span('SIMULATED', 'simulated')] : status;
}

function detailOf(run: RunState, width: number, height: number, look: Look): PaneLine[] {
  const tasks = [...run.tasks.values()];
  const running = tasks.filter(({ status }) => status === 'running');
  const finished = tasks
    .filter(isDone)
    .toSorted((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0));
  const widths = {
    id: Math.min(12, Math.max(3, ...tasks.map(({ id }) => widthOf(look.clean(id))))),
    type: Math.min(14, Math.max(8, ...tasks.map((task) => widthOf(typeOf(task, look))))),
    model: Math.min(
      Math.max(12, width - 62),
      Math.max(12, ...tasks.map(({ model }) => widthOf(look.clean(model ?? '')))),
    ),
  };
  const notice = run.notices.at(-1);
  const now = running.map((task): Line => [
    gap(4),
    ...taskSpans(task, widths, look),
    ...workSpans(task),
  ]);
  const done = finished.map((task, index): Line => [
    span(index === 0 ? 'done' : '    ', 'muted'),
    ...taskSpans(task, widths, look),
    ...outcomeSpans(task, width, look),
  ]);
  const waiting = tasks.length - running.length - finished.length;
  const rest: Line[] = [
    ...(waiting === 0 ? [] : [[gap(5), span(`${formatPlural(waiting, 'task')} waiting`, 'muted')]]),
    ...(notice === undefined
      ? []
      : [[gap(5), span('! ', 'warn'), span(look.clean(plain(notice.message, look)), 'muted')]]),
  ];
  return [...now, ...rest, ...done].slice(0, Math.max(0, height)).map((line) => ({ line }));
}

const typeOf = ({ type }: TaskState, look: Look): string => look.clean(taskTypeLabel(type));

function taskSpans(
  task: TaskState,
  widths: { id: number; type: number; model: number },
  look: Look,
): Line {
  const part = (text: string, width: number) =>
    pad(cutMiddle(look.clean(text), width, look.glyphs.ellipsis), width);
  return [
    gap(1),
    span(part(task.id, widths.id), 'accent'),
    gap(2),
    span(part(taskTypeLabel(task.type), widths.type), 'muted'),
    gap(2),
    span(part(task.model ?? nothing, widths.model)),
    gap(2),
  ];
}

function workSpans({ phase, iteration, score }: TaskState): Line {
  return [
    span(pad(phase === undefined ? 'starting' : phaseWords[phase], 12), 'warn'),
    span(iteration > 1 ? `  attempt ${iteration}` : ''),
    span(score === undefined ? '' : `  best ${formatScore(score)}`, 'muted'),
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
  look: Look,
): Line {
  return [
    span(formatScore(score), undefined, true),
    span(`  ${pad(formatMoney(costUsd), 9, 'right')}`),
    ...(width < 80 ? [] : [span(`  ${pad(formatPlural(iteration, 'attempt'), 10)}`, 'muted')]),
    span(plain(`  ${status}`, look), statusRoles[status]),
  ];
}
