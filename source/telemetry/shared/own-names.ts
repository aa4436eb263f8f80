import { withFields } from '../../domain/defined.ts';
import type { EventRow, Insight } from '../../domain/insight.ts';

/** The ids of this machine's runs and their tasks as they are, where a history knows them by digests. */
export type OwnNames = {
  project(projectId: string): string;
  task(projectId: string, taskId: string): string;
};

export const sameNames: OwnNames = { project: (id) => id, task: (_, id) => id };

/** What names runs is named when it is asked for: of thousands of runs it takes a while. */
export function namedInsight(insight: Insight, own: OwnNames): Insight {
  const named = <Row extends { projectId: string }>(rows: readonly Row[]): Row[] =>
    rows.map((row) => ({ ...row, projectId: own.project(row.projectId) }));
  if (own === sameNames) return insight;
  let curve: Insight['learningCurve'] | undefined;
  let projects: Insight['spendByProject'] | undefined;
  return withFields(insight, {
    get learningCurve() {
      return (curve ??= named(insight.learningCurve));
    },
    get spendByProject() {
      return (projects ??= named(insight.spendByProject));
    },
  });
}

export function namedEvents(events: readonly EventRow[], own: OwnNames): EventRow[] {
  return events.map((event) => ({
    ...event,
    projectId: own.project(event.projectId),
    taskId: own.task(event.projectId, event.taskId),
  }));
}
