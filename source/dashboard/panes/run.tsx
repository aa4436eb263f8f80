import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { RunState } from '../../domain/run-state.ts';
import { runLayout } from '../layout/run.ts';
import { selectedTask } from '../state/lists.ts';
import { paint, styled } from '../theme/text-span.ts';
import type { PaneInput } from './common.ts';
import { Pane } from './pane.tsx';
import { noticeLine, runHeadLines } from './run-head.ts';
import { RunMissing } from './run-missing.tsx';
import { NoticesPane } from './run-notices.tsx';
import { RunTasksPane } from './run-tasks.tsx';
import { TaskPane } from './task.tsx';

/** The view of a run: all its tasks, and the selected one of them. */
export function OpenRunView(input: PaneInput): ReactNode {
  const { openRun } = input.state;
  return openRun === undefined ? <RunMissing {...input} /> : <OpenRun {...input} run={openRun} />;
}

function OpenRun({ state, style, area, run }: PaneInput & { run: RunState }): ReactNode {
  const known = runHeadLines(run, state.now, area.width, style);
  const layout = runLayout(area, {
    tasks: run.tasks.size,
    notices: run.notices.length,
    head: known.length,
  });
  const notice = layout.notices === undefined ? noticeLine(run, area.width, style) : undefined;
  const head = [...known, ...(notice === undefined ? [] : [notice])].slice(0, layout.head);
  const task = selectedTask(state);
  const input = { state, style, run };
  return (
    <Box flexDirection="column">
      <Text wrap="truncate">{head.map((line) => paint(line, style)).join('\n')}</Text>
      <Box flexDirection={layout.isBeside ? 'row' : 'column'}>
        <RunTasksPane {...input} area={layout.tasks} />
        {layout.task === undefined ? undefined : task === undefined ? (
          <Pane
            title={[styled('TASK', 'title', true)]}
            area={layout.task}
            style={style}
            lines={[]}
          />
        ) : (
          <TaskPane {...input} task={task} area={layout.task} />
        )}
      </Box>
      {layout.notices === undefined ? undefined : <NoticesPane {...input} area={layout.notices} />}
    </Box>
  );
}
