import type { ReactNode } from 'react';
import { isLive, type RunState, type TaskState } from '../../domain/run-state.ts';
import { standingsOf } from '../../domain/task-standing.ts';
import type { Merged } from '../layout/table.ts';
import { visibleTasks } from '../state/lists.ts';
import { foundInRun } from '../state/state.ts';
import {
  foundTasks,
  hasNumbers,
  runTasks,
  standingSpan,
  type RunFacts,
} from '../tables/run-tasks.ts';
import { styled } from '../theme/index.ts';
import type { PaneInput } from './common.ts';
import { countOf, TablePane } from './pane.tsx';

/** Tasks of a run in the order of its plan: those given, or those of the open one that the filter leaves. */
export function RunTasksPane(
  input: PaneInput & { run: RunState; tasks?: readonly TaskState[] },
): ReactNode {
  const { state, style, run, tasks = visibleTasks(state), isFocused = true } = input;
  const isOpen = input.tasks === undefined;
  const found = foundInRun(state);
  const facts: RunFacts = { run, standings: standingsOf(run, state.now), now: state.now, found };
  const hasFound = isOpen && tasks.some(({ id }) => found.has(id));
  const follows = isOpen && state.selections.tasks === undefined && isLive(run, state.now);
  const isOnlyFailed = isOpen && state.onlyFailed.tasks === true;
  const none =
    isOnlyFailed && state.filter === '' ? 'no task has failed' : 'nothing matches the filter';
  const wordsAlone = (task: TaskState): Merged | undefined =>
    hasNumbers(task)
      ? undefined
      : {
          names: ['standing', 'score', 'tries', 'cost', 'time'],
          align: 'left',
          cell: () => standingSpan(task, style, facts),
        };
  return (
    <TablePane
      {...input}
      isFocused={isFocused}
      isFromTop={!isOpen}
      list="tasks"
      columns={hasFound ? foundTasks : runTasks}
      facts={facts}
      rows={tasks}
      idOf={({ id }) => id}
      title={[
        styled('TASKS', 'title', true),
        styled(`  ${countOf(tasks.length, run.tasks.size)}`, 'muted'),
        ...(isOnlyFailed ? [styled('  only failed', 'warn')] : []),
      ]}
      {...(follows ? { note: () => [styled('follows the work', 'muted')] } : {})}
      hasHead={tasks.length > 0}
      mergedIn={wordsAlone}
      empty={run.tasks.size === 0 ? 'The plan is not made yet.' : none}
    />
  );
}
