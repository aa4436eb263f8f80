import type { ReactNode } from 'react';
import type { RunState, TaskState } from '../../domain/run-state.ts';
import { defined } from '../../domain/defined.ts';
import { selectedTask } from '../state/lists.ts';
import { foundInRun } from '../state/state.ts';
import { standingsOf } from '../../domain/task-standing.ts';
import { cutMiddle } from '../text/width.ts';
import { gap, styled } from '../theme/text-span.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, innerWidth, type PaneLine } from './pane.tsx';
import { RunMissing } from './run-missing.tsx';
import { askLines, taskFactLines } from './task-facts.ts';
import { TextPane } from './text-pane.tsx';

/** The view of a task: all that is known of it. */
export function TaskView(input: PaneInput): ReactNode {
  const { state } = input;
  const task = selectedTask(state);
  if (state.openRun === undefined || task === undefined) return <RunMissing {...input} />;
  return <TaskPane {...input} run={state.openRun} task={task} isFocused />;
}

/** Lines of a pane from which tokens are told beside a run's tasks. */
const roomForTokens = 12;

/** The selected task: how it stands, its attempts, and why they were made as they were. */
export function TaskPane({
  state,
  style,
  area,
  run,
  task,
  isFocused,
}: PaneInput & { run: RunState; task: TaskState }): ReactNode {
  const name = cutMiddle(
    style.clean(task.id),
    Math.max(1, innerWidth(area) - 6),
    style.glyphs.ellipsis,
  );
  return (
    <TextPane
      title={[styled('TASK', 'title', true), styled(`  ${name}`, 'accent')]}
      area={area}
      style={style}
      isFocused={isFocused === true}
      lines={linesOf({ state, style, area, isFocused: isFocused === true }, run, task)}
      top={isFocused === true ? (state.scroll?.top ?? 0) : 0}
    />
  );
}

/** The text of the view of a task. */
export function taskLines(input: PaneInput): PaneLine[] {
  const { openRun: run } = input.state;
  const task = selectedTask(input.state);
  if (run === undefined || task === undefined) return [];
  return linesOf({ ...input, isFocused: true }, run, task);
}

function linesOf(
  { state, style, area, isFocused }: PaneInput,
  run: RunState,
  task: TaskState,
): PaneLine[] {
  const { now } = state;
  const width = innerWidth(area) - 2;
  const standings = standingsOf(run, now);
  const isBrief = isFocused !== true && innerHeight(area) < roomForTokens;
  const found = foundInRun(state).get(task.id);
  const facts = taskFactLines({
    run,
    task,
    standings,
    now,
    style,
    width,
    isBrief,
    ...defined({ found }),
  });
  const question = isFocused === true ? askLines(state, width, style) : [];
  const [first = [], ...others] = facts;
  return [first, ...question, ...others].map((line) => ({ line: [gap(1), ...line] }));
}
