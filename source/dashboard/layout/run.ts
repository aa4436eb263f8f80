import type { Area } from './screen.ts';

export type RunLayout = {
  /** Lines above the panes: with the last notice where the notices have no pane. */
  head: number;
  tasks: Area;
  task?: Area;
  /** Whether the task stands beside the tasks, not below. */
  isBeside: boolean;
  notices?: Area;
};

const mostNotices = 5;

/**
 * The panes of a run: its tasks, the selected one beside them where it is wide, else below, and its
 * notices at the foot. Where room is short the notices go first, then the selected task.
 */
export function runLayout(
  { width, height }: Area,
  count: { tasks: number; notices: number; head: number },
): RunLayout {
  const notices = height >= 24 && count.notices > 0 ? Math.min(mostNotices, count.notices) + 2 : 0;
  const noticeLine = notices === 0 && count.notices > 0 ? 1 : 0;
  const head = Math.min(height >= 12 ? 4 : 1, count.head + noticeLine);
  const rest = Math.max(0, height - head - notices);
  const foot = notices === 0 ? {} : { notices: { width, height: notices } };
  if (width >= 150 && rest >= 8) {
    const left = Math.max(96, Math.floor(width * 0.58));
    return {
      head,
      tasks: { width: left, height: rest },
      task: { width: width - left, height: rest },
      isBeside: true,
      ...foot,
    };
  }
  if (rest < 13) return { head, tasks: { width, height: rest }, isBeside: false, ...foot };
  // A frame and the titles besides the tasks.
  const wanted = Math.max(6, count.tasks + 3);
  const tasks = Math.min(wanted, rest - Math.max(7, Math.floor(rest * 0.45)));
  return {
    head,
    tasks: { width, height: tasks },
    task: { width, height: rest - tasks },
    isBeside: false,
    ...foot,
  };
}
