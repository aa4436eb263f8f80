import type { Database } from 'better-sqlite3';
import type { DecisiveOutcome } from '../../domain/outcome.ts';
import { hasFactTable, outcomeIndex } from '../database/fact-tables.ts';
import { sqlByName } from '../database/master-table.ts';
import { decisiveOutcomes, type OutcomeRow } from '../sums/fact-rows.ts';
import { daySeconds } from '../sums/time.ts';

/** What was found of results, by task. */
type OutcomeReader = {
  /** The id of the last outcome; what is kept in memory is of one state, and is let go of with the next. */
  lastId(): number;
  /** What a task counts with; undefined where nobody found anything, or took it back. */
  of(projectId: string, taskId: string): DecisiveOutcome | undefined;
  /** When the tasks were recorded, in events up to one id, that got outcomes after < id ≤ through. */
  timesOfTasks(after: number, through: number, throughEvent: number): number[];
};

type Tasks = ReadonlyMap<string, DecisiveOutcome>;

/** Runs whose outcomes are kept at once. */
const mostRuns = 1000;
/** A task is recorded after its calls, but for a clock that was set back. */
const clockSlack = daySeconds;

const noOutcomes: OutcomeReader = {
  lastId: () => 0,
  of: () => undefined,
  timesOfTasks: () => [],
};

export function createOutcomeReader(database: Database): OutcomeReader {
  if (!hasFactTable(database, 'outcomes')) return noOutcomes;
  const last = database.prepare<[], number | null>('SELECT max(id) FROM outcomes').pluck();
  const rows = (where: string) =>
    database
      .prepare<string[], OutcomeRow>(
        `SELECT project_id, task_id, source, value, sampled FROM outcomes ${where} ORDER BY id`,
      )
      .raw();
  // A file of an earlier version has no index: then all are read at once, and not anew for every run.
  const hasIndex = sqlByName(database).has(outcomeIndex);
  const ofRun = rows(hasIndex ? 'WHERE project_id = ?' : '');
  let lastId = 0;
  let known = new Map<string, Tasks>();
  let isComplete = false;

  const load = (projectId: string): Tasks => {
    if (hasIndex) {
      if (known.size >= mostRuns) known.clear();
      const tasks = tasksOf(ofRun.all(projectId));
      known.set(projectId, tasks);
      return tasks;
    }
    if (!isComplete) {
      const byRun = Map.groupBy(ofRun.all(), ([project]) => project);
      known = new Map(Array.from(byRun, ([id, ofOne]) => [id, tasksOf(ofOne)]));
      isComplete = true;
    }
    return known.get(projectId) ?? new Map<string, DecisiveOutcome>();
  };

  return {
    lastId() {
      const id = last.get() ?? 0;
      if (id !== lastId) {
        lastId = id;
        known.clear();
        isComplete = false;
      }
      return id;
    },
    of: (projectId, taskId) => (known.get(projectId) ?? load(projectId)).get(taskId),
    timesOfTasks: (after, through, throughEvent) =>
      after >= through ? [] : timesOfTasks(database, { after, through, throughEvent }),
  };
}

const tasksOf = (ofRun: readonly OutcomeRow[]): Tasks =>
  decisiveOutcomes(ofRun, ([, taskId]) => taskId);

/**
 * Events have no index by task. Where calls of a task are recorded, these tell its cells and its time, by
 * which there is one; the others are found in one walk over all.
 */
function timesOfTasks(
  database: Database,
  { after, through, throughEvent }: { after: number; through: number; throughEvent: number },
): number[] {
  const tasks = database
    .prepare<[number, number], [projectId: string, taskId: string]>(
      'SELECT DISTINCT project_id, task_id FROM outcomes WHERE id > ? AND id <= ?',
    )
    .raw()
    .all(after, through);
  const byCalls = hasFactTable(database, 'model_calls')
    ? finderByCalls(database)
    : (): Found => ({ isKnown: false, found: [] });
  const times: number[] = [];
  const others = new Map<string, Set<string>>();
  for (const [projectId, taskId] of tasks) {
    const { isKnown, found } = byCalls(projectId, taskId);
    times.push(...found.filter(({ id }) => id <= throughEvent).map(({ at }) => at));
    if (isKnown) continue;
    const some = others.get(projectId);
    if (some === undefined) others.set(projectId, new Set([taskId]));
    else some.add(taskId);
  }
  if (others.size === 0 || throughEvent === 0) return times;
  const all = database
    .prepare<[number, string], [projectId: string, taskId: string, at: number]>(
      `SELECT project_id, task_id, recorded_at FROM routing_events
       WHERE id <= ? AND project_id IN (SELECT value FROM json_each(?))`,
    )
    .raw()
    .all(throughEvent, JSON.stringify([...others.keys()]));
  return [
    ...times,
    ...all.filter(([projectId, taskId]) => others.get(projectId)?.has(taskId)).map((row) => row[2]),
  ];
}

type Found = { isKnown: boolean; found: { id: number; at: number }[] };

function finderByCalls(database: Database): (projectId: string, taskId: string) => Found {
  const cells = database
    .prepare<[string, string], [model: string, taskType: string, since: number]>(
      `SELECT model, task_type, min(recorded_at) FROM model_calls
       WHERE project_id = ? AND task_id = ? AND role IN ('generator', 'reviser')
         AND task_type IS NOT NULL
       GROUP BY model, task_type`,
    )
    .raw();
  const events = database.prepare<
    [string, string, number, string, string],
    { id: number; at: number }
  >(
    `SELECT id, recorded_at AS at FROM routing_events
     WHERE model_chosen = ? AND task_type = ? AND recorded_at >= ? AND project_id = ? AND task_id = ?`,
  );
  return (projectId, taskId) => {
    const found = cells
      .all(projectId, taskId)
      .flatMap(([model, taskType, since]) =>
        events.all(model, taskType, since - clockSlack, projectId, taskId),
      );
    return { isKnown: found.length > 0, found };
  };
}
