import type { RunState, TaskState } from '../../domain/run-state.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatElapsed,
  formatMoney,
  formatPlural,
  formatScore,
  notJudged,
} from '../format/index.ts';
import { cutEnd, cutMiddle, pad, widthOf } from '../text/index.ts';
import { fitLine, span, type Line, type Look } from '../theme/index.ts';
import { barOf, depthsOf, progressOf } from './progress.ts';
import { markOf } from '../tables/task-marks.ts';

export type RunViewSize = { columns: number; rows: number };

const deepestIndent = 4;
const mostNotices = 3;

/**
 * The inline view of a run, never taller or wider than `size`: where it stands, its tasks as a tree,
 * and what a person should know.
 */
export function runLines(state: RunState, now: number, size: RunViewSize, look: Look): Line[] {
  const width = Math.max(10, size.columns);
  const head = [titleLine(state, width, look), progressLine(state, now, look)];
  const notices = state.notices
    .slice(-mostNotices)
    .map(({ taskId, message }) =>
      span(`${taskId === undefined ? '' : `${taskId}: `}${message}`, 'warn'),
    )
    .map((piece) => [span(' ! ', 'warn', true), { ...piece, text: look.clean(piece.text) }]);
  // One row stays free, so that the terminal never scrolls while the view is drawn anew.
  const room = Math.max(0, size.rows - head.length - notices.length - 2);
  const lines = [...head, ...taskLines(state, width, room, look), ...notices];
  return lines
    .slice(0, Math.max(1, size.rows - 1))
    .map((line) => fitLine(line, width, look.glyphs.ellipsis));
}

function titleLine(state: RunState, width: number, look: Look): Line {
  const id = look.clean(state.projectId);
  const mark = state.simulated ? '  SIMULATED' : '';
  const room = width - widthOf(id) - mark.length - 3;
  return [
    span(` ${id}  `, 'accent', true),
    span(cutEnd(look.clean(state.project), Math.max(0, room), look.glyphs.ellipsis), 'title'),
    span(mark, 'simulated', true),
  ];
}

function progressLine(state: RunState, now: number, look: Look): Line {
  const { done, total, share } = progressOf(state);
  const bar = barOf(share, 24, look.glyphs);
  const elapsed = Math.max(0, (state.finished?.at ?? now) - state.startedAt);
  const left = Math.max(0, state.timeLimitSeconds - elapsed);
  return [
    span(' '),
    span(bar.done, 'bar'),
    span(bar.rest, 'muted'),
    span(total === 0 ? '  planning' : `  ${done}/${total} tasks`),
    span(`   ${formatMoney(state.spentUsd)} of ${formatMoney(state.budgetUsd)}`),
    span(`   ${formatElapsed(elapsed)}, ${formatElapsed(left)} left`, 'muted'),
  ];
}

function taskLines(state: RunState, width: number, room: number, look: Look): Line[] {
  const all = [...state.tasks.values()];
  const shown = all.length <= room ? all : mostTelling(all, Math.max(0, room - 1));
  const depths = depthsOf(state);
  const idWidth = Math.max(
    0,
    ...shown.map((task) => indentOf(task, depths) + widthOf(look.clean(task.id))),
  );
  const typeWidth = Math.max(
    0,
    ...shown.map(({ type }) => widthOf(look.clean(taskTypeLabel(type)))),
  );
  const lines = shown.map((task): Line => {
    const { sign, role, word } = markOf(task.status, look.ascii);
    const name = ' '.repeat(indentOf(task, depths)) + look.clean(task.id);
    const type = look.clean(taskTypeLabel(task.type));
    const model = cutMiddle(look.clean(task.model ?? ''), modelWidth(width), look.glyphs.ellipsis);
    return [
      span(` ${sign} `, role, true),
      span(
        pad(cutMiddle(name, Math.min(idWidth, 24), look.glyphs.ellipsis), Math.min(idWidth, 24)),
      ),
      span(`  ${pad(type, typeWidth)}  `, 'muted'),
      span(`${pad(task.status === 'waiting' ? '' : model, modelWidth(width))}  `),
      span(doing(task, look) ?? word, role),
    ];
  });
  const hidden = all.length - shown.length;
  return hidden === 0
    ? lines
    : [
        ...lines,
        [span(`   ${look.ascii ? '...' : '…'} ${formatPlural(hidden, 'more task')}`, 'muted')],
      ];
}

const modelWidth = (width: number): number => (width >= 100 ? 28 : 18);

function indentOf({ id }: TaskState, depths: ReadonlyMap<string, number>): number {
  return Math.min(depths.get(id) ?? 0, deepestIndent) * 2;
}

/** What a task is doing, or how it ended, in a few words. */
function doing(task: TaskState, look: Look): string | undefined {
  const score = task.score === undefined ? '' : formatScore(task.score);
  if (task.status === 'running') {
    const attempt = task.iteration > 1 ? ` (attempt ${task.iteration})` : '';
    const best = score === '' ? '' : `, best ${score}`;
    return `${task.phase ?? 'routing'}${attempt}${best}`;
  }
  if (task.status === 'waiting') {
    return task.dependsOn.length === 0
      ? undefined
      : `waits for ${look.clean(task.dependsOn.join(', '))}`;
  }
  const { word } = markOf(task.status, look.ascii);
  const tries = formatPlural(Math.max(1, task.iteration), 'attempt');
  return [score === '' ? notJudged : score, word, tries, formatMoney(task.costUsd)]
    .filter(Boolean)
    .join('  ');
}

const urgency: Record<TaskState['status'], number> = {
  running: 0,
  accepted: 1,
  'best-effort': 1,
  failed: 1,
  waiting: 2,
};

/** Where not every task fits: those that run, then the last to finish, then the next to start. */
function mostTelling(tasks: readonly TaskState[], room: number): TaskState[] {
  const chosen = new Set(
    tasks
      .toSorted(
        (a, b) =>
          urgency[a.status] - urgency[b.status] || (b.finishedAt ?? 0) - (a.finishedAt ?? 0),
      )
      .slice(0, room),
  );
  return tasks.filter((task) => chosen.has(task));
}
