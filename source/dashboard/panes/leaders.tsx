import type { ReactNode } from 'react';
import { roomy } from '../layout/screen.ts';
import { visibleLeaders } from '../state/lists.ts';
import { visibleRoutes } from '../state/route-lists.ts';
import { leaders, leadersAndRoutes } from '../tables/by-task.ts';
import { styled } from '../theme/index.ts';
import type { PaneInput } from './common.ts';
import { innerWidth, TablePane } from './pane.tsx';

/** The best model of each task type; where there is room, who gets its work and what that costs. */
export function LeadersPane(input: PaneInput): ReactNode {
  const { state, area } = input;
  // Only there it is kept up to date where the work goes.
  const isWide = state.size.columns >= roomy.columns && innerWidth(area) >= 64;
  const routes = new Map(visibleRoutes({ ...state, filter: '' }).map((one) => [one.taskType, one]));
  return (
    <TablePane
      {...input}
      list="leaders"
      columns={isWide ? leadersAndRoutes : leaders}
      facts={{ routeOf: (taskType) => routes.get(taskType) }}
      rows={visibleLeaders(input.state)}
      idOf={({ taskType }) => taskType}
      {...(state.filter === '' && { empty: 'no task type has a judged answer yet' })}
      title={[styled('TASK-TYPE LEADERS', 'title', true)]}
      note={() => [
        styled(isWide ? `best by quality; ${whereTo(state)}` : 'best by quality', 'muted'),
      ]}
    />
  );
}

/** Where routing has no model for any of them, the one that did most stands in for the one that gets the work. */
const whereTo = ({ notOffered, insight }: PaneInput['state']): string =>
  notOffered.length > 0 && notOffered.length === insight?.routes.length
    ? 'who did most, none is set up'
    : 'where the work goes';
