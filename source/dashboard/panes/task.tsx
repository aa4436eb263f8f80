import type { ReactNode } from 'react';
import type { RunState, TaskState } from '../../domain/run-state.ts';
import { selectedTask } from '../state/lists.ts';
import { standingsOf } from '../../domain/task-standing.ts';
import { cutMiddle } from '../text/fit.ts';
import { gap, styled } from '../theme/text-span.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane } from './pane.tsx';
import { RunMissing } from './run-missing.tsx';
import { askLines, taskFactLines } from './task-facts.ts';

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
  const { now } = state;
  const width = innerWidth(area) - 2;
  const standings = standingsOf(run, now);
  const isBrief = isFocused !== true && innerHeight(area) < roomForTokens;
  const facts = taskFactLines({ run, task, standings, now, style, width, isBrief });
  const question = isFocused === true ? askLines(state, width, style) : [];
  const [first = [], ...others] = facts;
  const lines = [first, ...question, ...others];
  const name = cutMiddle(style.clean(task.id), Math.max(1, width - 4), style.glyphs.ellipsis);
  return (
    <Pane
      title={[styled('TASK', 'title', true), styled(`  ${name}`, 'accent')]}
      area={area}
      style={style}
      isFocused={isFocused === true}
      more={{ hasAbove: false, hasBelow: lines.length > innerHeight(area) }}
      lines={lines.map((line) => ({ line: [gap(1), ...line] }))}
    />
  );
}
