import type { RecordedCall } from '../../domain/model-call.ts';
import type { HistoryEngine } from '../engine.ts';
import type { IdHider } from '../address/hidden-ids.ts';

/** Reads of a history in which the ids are hidden, for who asks by the ids as they are. */
export function withHiddenIds(engine: HistoryEngine, hide: IdHider): HistoryEngine {
  const except = <Wanted extends { exceptProject?: string }>(wanted: Wanted): Wanted =>
    wanted.exceptProject === undefined
      ? wanted
      : { ...wanted, exceptProject: hide.project(wanted.exceptProject) };
  return {
    ...engine,
    days: (wanted) => engine.days(except(wanted)),
    supportCalls: (wanted) => engine.supportCalls(except(wanted)),
    // What is known by hidden ids answers for those as they are.
    async taskIds(projectId) {
      const ids = await engine.taskIds(hide.project(projectId));
      const has = (id: string): boolean => ids.has(id) || ids.has(hide.task(projectId, id));
      return Object.assign(new Set(ids), { has });
    },
    async calls(projectId) {
      const calls = await engine.calls(hide.project(projectId));
      const get = (id: string): RecordedCall | undefined =>
        calls.get(id) ?? calls.get(hide.call(projectId, id));
      return Object.assign(new Map(calls), { get, has: (id: string) => get(id) !== undefined });
    },
    outcomes: (projectId) => engine.outcomes(hide.project(projectId)),
    hasSnapshots: (projectId) => engine.hasSnapshots(hide.project(projectId)),
    shownRuns: ({ wanted, ...rest }) =>
      engine.shownRuns({ ...rest, wanted: wanted === undefined ? wanted : hide.project(wanted) }),
    recordedRun: (projectId) => engine.recordedRun(hide.project(projectId)),
  };
}
