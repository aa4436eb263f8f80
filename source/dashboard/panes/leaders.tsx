import type { ReactNode } from 'react';
import { visibleLeaders } from '../state/lists.ts';
import { leaders } from '../tables/by-task.ts';
import { styled } from '../theme/index.ts';
import type { PaneInput } from './common.ts';
import { TablePane } from './table-pane.tsx';

/** The best model of each task type. */
export function LeadersPane(input: PaneInput): ReactNode {
  return (
    <TablePane
      {...input}
      list="leaders"
      columns={leaders}
      facts={undefined}
      rows={visibleLeaders(input.state)}
      idOf={({ taskType }) => taskType}
      title={[styled('TASK-TYPE LEADERS', 'title', true)]}
      note={() => [styled('by quality', 'muted')]}
      hasHead={false}
    />
  );
}
