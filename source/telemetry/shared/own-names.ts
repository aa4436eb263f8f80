import type { EventRow, Insight } from '../../domain/insight.ts';

/** The ids of this machine's runs and their tasks as they are, where a history knows them by digests. */
export type OwnNames = {
  project(projectId: string): string;
  task(projectId: string, taskId: string): string;
};

export const sameNames: OwnNames = { project: (id) => id, task: (_, id) => id };

export function namedInsight(insight: Insight, own: OwnNames): Insight {
  const named = <Row extends { projectId: string }>(row: Row): Row => ({
    ...row,
    projectId: own.project(row.projectId),
  });
  if (own === sameNames) return insight;
  const { learningCurve, spendByProject } = insight;
  return {
    ...insight,
    learningCurve: learningCurve.map(named),
    spendByProject: spendByProject.map(named),
  };
}

export function namedEvents(events: readonly EventRow[], own: OwnNames): EventRow[] {
  return events.map((event) => ({
    ...event,
    projectId: own.project(event.projectId),
    taskId: own.task(event.projectId, event.taskId),
  }));
}
