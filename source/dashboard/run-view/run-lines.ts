import { secondsLeft } from '../tables/runs.ts';
import {
  secondsAllowed,
  secondsTaken,
  type RunState,
  type TaskState,
} from '../../domain/run-state.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatElapsed,
  formatMoney,
  formatPlural,
  formatTaskScore,
  notJudged,
} from '../format/index.ts';
import { cutEnd, cutMiddle, pad, widthOf } from '../text/index.ts';
import { fitLine, styled, type Line, type RenderStyle } from '../theme/index.ts';
import { barOf, depthsOf, progressOf } from './progress.ts';
import { markOf } from '../tables/task-marks.ts';

export type RunViewSize = { columns: number; rows: number };

const deepestIndent = 4;
const mostNotices = 3;

/**
 * The inline view of a run, never taller or wider than `size`: where it stands, its tasks as a tree,
 * and what a person should know.
 */
export function runLines(
  state: RunState,
  now: number,
  size: RunViewSize,
  style: RenderStyle,
): Line[] {
  const width = Math.max(10, size.columns);
  const head = [titleLine(state, width, style), progressLine(state, now, style)];
  const notices = state.notices
    .slice(-mostNotices)
    .map(({ taskId, message }) =>
      styled(`${taskId === undefined ? '' : `${taskId}: `}${message}`, 'warn'),
    )
    .map((piece) => [styled(' ! ', 'warn', true), { ...piece, text: style.clean(piece.text) }]);
  // One row stays free, so that the terminal never scrolls while the view is drawn anew.
  const room = Math.max(0, size.rows - head.length - notices.length - 2);
  const lines = [...head, ...taskLines(state, width, room, style), ...notices];
  return lines
    .slice(0, Math.max(1, size.rows - 1))
    .map((line) => fitLine(line, width, style.glyphs.ellipsis));
}

function titleLine(state: RunState, width: number, style: RenderStyle): Line {
  const id = style.clean(state.projectId);
  const mark = state.simulated ? '  SIMULATED' : '';
  const room = width - widthOf(id) - mark.length - 3;
  return [
    styled(` ${id}  `, 'accent', true),
    styled(cutEnd(style.clean(state.project), Math.max(0, room), style.glyphs.ellipsis), 'title'),
    styled(mark, 'simulated', true),
  ];
}

function progressLine(state: RunState, now: number, style: RenderStyle): Line {
  const { done, total, share } = progressOf(state);
  const bar = barOf(share, 24, style.glyphs);
  const eta = secondsLeft(state, now);
  const end = state.finished?.at ?? now;
  return [
    styled(' '),
    styled(bar.done, 'bar'),
    styled(bar.rest, 'muted'),
    styled(total === 0 ? '  planning' : `  ${done}/${total} tasks`),
    styled(`   ${formatMoney(state.spentUsd)} of ${formatMoney(state.budgetUsd)}`),
    styled(`   ${formatElapsed(secondsTaken(state, end))}`, 'muted'),
    styled(eta === undefined ? '' : `, about ${formatElapsed(eta)} to go`, 'muted'),
    // Nothing is known of it before its first event.
    styled(
      state.startedAt === 0 ? '' : `, limit in ${formatElapsed(secondsAllowed(state, end))}`,
      'muted',
    ),
  ];
}

function taskLines(state: RunState, width: number, room: number, style: RenderStyle): Line[] {
  const all = [...state.tasks.values()];
  const shown = all.length <= room ? all : mostTelling(all, Math.max(0, room - 1));
  const depths = depthsOf(state);
  const idWidth = Math.max(
    0,
    ...shown.map((task) => indentOf(task, depths) + widthOf(style.clean(task.id))),
  );
  const typeWidth = Math.max(
    0,
    ...shown.map(({ type }) => widthOf(style.clean(taskTypeLabel(type)))),
  );
  const lines = shown.map((task): Line => {
    const { sign, role, word } = markOf(task.status, style.ascii);
    const name = ' '.repeat(indentOf(task, depths)) + style.clean(task.id);
    const type = style.clean(taskTypeLabel(task.type));
    const model = cutMiddle(
      style.clean(task.model ?? ''),
      modelWidth(width),
      style.glyphs.ellipsis,
    );
    return [
      styled(` ${sign} `, role, true),
      styled(
        pad(cutMiddle(name, Math.min(idWidth, 24), style.glyphs.ellipsis), Math.min(idWidth, 24)),
      ),
      styled(`  ${pad(type, typeWidth)}  `, 'muted'),
      styled(`${pad(task.status === 'waiting' ? '' : model, modelWidth(width))}  `),
      styled(doing(task, style) ?? word, role),
    ];
  });
  const hidden = all.length - shown.length;
  return hidden === 0
    ? lines
    : [
        ...lines,
        [styled(`   ${style.ascii ? '...' : '…'} ${formatPlural(hidden, 'more task')}`, 'muted')],
      ];
}

const modelWidth = (width: number): number => (width >= 100 ? 28 : 18);

function indentOf({ id }: TaskState, depths: ReadonlyMap<string, number>): number {
  return Math.min(depths.get(id) ?? 0, deepestIndent) * 2;
}

/** What a task is doing, or how it ended, in a few words. */
function doing(task: TaskState, style: RenderStyle): string | undefined {
  const score = task.score === undefined ? '' : formatTaskScore(task.score, task.type);
  if (task.status === 'running') {
    const attempt = task.iteration > 1 ? ` (attempt ${task.iteration})` : '';
    const best = score === '' ? '' : `, best ${score}`;
    return `${task.phase ?? 'routing'}${attempt}${best}`;
  }
  if (task.status === 'waiting') {
    return task.dependsOn.length === 0
      ? undefined
      : `waits for ${style.clean(task.dependsOn.join(', '))}`;
  }
  const { word } = markOf(task.status, style.ascii);
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
