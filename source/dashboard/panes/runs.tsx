import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { RunState, TaskState } from '../../domain/run-state.ts';
import { formatPlural } from '../format/index.ts';
import { countOfRuns, selectedIndex, visibleRuns } from '../state/lists.ts';
import { runs, runsOfThisMachine, type RunRow } from '../tables/runs.ts';
import { wrapText } from '../text/index.ts';
import { gap, plain, styled } from '../theme/index.ts';
import type { PaneInput } from './common.ts';
import { frame, innerWidth, Pane, countOf, TablePane } from './pane.tsx';
import { RunTasksPane } from './run-tasks.tsx';

/** Lines that the list keeps before the tasks of a run in progress are shown below it. */
const heightOfList = 8;

/** Runs of this machine, past and present; of one in progress its tasks too. */
export function RunsTab(input: PaneInput): ReactNode {
  const { state, area } = input;
  const rows = visibleRuns(state);
  if (countOfRuns(state) === 0) return <NoRuns {...input} />;
  const selected = rows[selectedIndex(state, 'runs', rows.map(idOf))];
  const live = selected?.live;
  const isDivided = live !== undefined && area.height >= 2 * heightOfList;
  if (!isDivided) return <RunsPane {...input} rows={rows} />;
  const wanted = rows.length + frame.rows + 1;
  const above = Math.max(heightOfList, Math.min(wanted, Math.floor(area.height / 2)));
  return (
    <Box flexDirection="column">
      <RunsPane {...input} rows={rows} area={{ ...area, height: above }} />
      <RunTasksPane
        {...input}
        run={live}
        tasks={atWorkFirst(live)}
        isFocused={false}
        area={{ ...area, height: area.height - above }}
      />
    </Box>
  );
}

const atWorkFirst = ({ tasks }: RunState): TaskState[] => {
  const all = [...tasks.values()];
  return [
    ...all.filter(({ status }) => status === 'running'),
    ...all.filter(({ status }) => status !== 'running'),
  ];
};

const idOf = ({ projectId }: RunRow): string => projectId;

function RunsPane({ rows, ...input }: PaneInput & { rows: readonly RunRow[] }): ReactNode {
  const isOnlyFailed = input.state.onlyFailed.runs === true;
  const running = rows.filter(({ status }) => status === 'running').length;
  const others = rows.filter(({ elsewhere }) => elsewhere !== undefined).length;
  return (
    <TablePane
      {...input}
      isFocused
      list="runs"
      columns={others === 0 ? runsOfThisMachine : runs}
      facts={{ now: input.state.now }}
      rows={rows}
      idOf={idOf}
      title={[
        styled('RUNS', 'title', true),
        styled(`  ${countOf(rows.length, countOfRuns(input.state))}`, 'muted'),
        ...(isOnlyFailed ? [styled('  only failed', 'warn')] : []),
        ...(running === 0 ? [] : [styled(`  ${running} in progress`, 'good')]),
      ]}
      note={() => [
        styled(others === 0 ? 'of this machine' : `${others} on other machines`, 'muted'),
      ]}
      {...(isOnlyFailed && input.state.filter === '' ? { empty: 'no run has failed' } : {})}
    />
  );
}

function NoRuns({ state, style, area }: PaneInput): ReactNode {
  const recorded = state.insight?.summary.runs ?? 0;
  const said =
    recorded === 0
      ? 'No run has been made here yet.'
      : `Of the ${formatPlural(recorded, 'run')} of this window only the numbers are known here.`;
  const none = [
    [],
    ...wrapText(plain(said, style), innerWidth(area) - 4).map((line) => [
      gap(2),
      styled(line, 'title', true),
    ]),
    [gap(2), styled('Start one in another terminal, and it shows here:', 'muted')],
    [gap(2), styled('orchestrator run --project "..." --criteria "..."', 'accent', true)],
  ];
  const lines = state.hasListedRuns ? none : [[gap(2), styled('Reading the runs.', 'muted')]];
  return (
    <Pane
      title={[styled('RUNS', 'title', true)]}
      area={area}
      style={style}
      isFocused
      lines={lines.map((line) => ({ line }))}
    />
  );
}
