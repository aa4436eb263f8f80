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
    taskIds: async (projectId) =>
      new HiddenSet(await engine.taskIds(hide.project(projectId)), (id) =>
        hide.task(projectId, id),
      ),
    calls: async (projectId) =>
      new HiddenMap(await engine.calls(hide.project(projectId)), (id) => hide.call(projectId, id)),
    outcomes: (projectId) => engine.outcomes(hide.project(projectId)),
    hasSnapshots: (projectId) => engine.hasSnapshots(hide.project(projectId)),
    shownRuns: ({ wanted, ...rest }) =>
      engine.shownRuns({ ...rest, wanted: wanted === undefined ? wanted : hide.project(wanted) }),
    recordedRun: (projectId) => engine.recordedRun(hide.project(projectId)),
  };
}

/** Holds hidden ids, and answers for those as they are. */
class HiddenSet extends Set<string> {
  readonly #hide: (id: string) => string;

  constructor(ids: ReadonlySet<string>, hide: (id: string) => string) {
    super();
    this.#hide = hide;
    for (const id of ids) this.add(id);
  }

  override has(id: string): boolean {
    return super.has(id) || super.has(this.#hide(id));
  }
}

class HiddenMap<Value> extends Map<string, Value> {
  readonly #hide: (id: string) => string;

  constructor(values: ReadonlyMap<string, Value>, hide: (id: string) => string) {
    super();
    this.#hide = hide;
    for (const [id, value] of values) this.set(id, value);
  }

  override get(id: string): Value | undefined {
    return super.get(id) ?? super.get(this.#hide(id));
  }

  override has(id: string): boolean {
    return super.has(id) || super.has(this.#hide(id));
  }
}
