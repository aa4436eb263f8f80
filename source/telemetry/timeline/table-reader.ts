import type { Database } from 'better-sqlite3';
import type { Cells } from './cells.ts';
import type { EventFact, SnapshotFact } from './sums.ts';
import type { Facts } from './timeline.ts';

type EventColumns = [
  projectId: string,
  taskType: string,
  model: string,
  score: number,
  costUsd: number,
  iterations: number,
  passed: number,
  at: number,
];
type SnapshotColumns = [
  projectId: string,
  taskType: string,
  model: string,
  quality: number,
  trust: number,
  latencyMs: number,
  latencyP95Ms: number,
  success: number,
  costUsd: number,
  calls: number,
  failures: number,
  validatorFailures: number,
  at: number,
];

const eventColumns =
  'project_id, task_type, model_chosen, score, cost_usd, iterations, det_passed, recorded_at';
const snapshotColumns = `project_id, task_type, model, quality_score, trust_factor, avg_latency_ms,
  latency_p95_ms, success_rate, avg_cost_usd, call_count, failure_count, validator_fail_count,
  recorded_at`;

type CellEventColumns = [
  projectId: string,
  score: number,
  costUsd: number,
  iterations: number,
  passed: number,
  at: number,
];

/** Reads rows of the two tables as facts; rows whose numbers another program left unusable are passed over. */
export type TableReader = {
  /** Rows with from ≤ time < before, by the indexes on (model, task type, time). */
  eventsBetween(from: number, before: number): EventFact[];
  snapshotsBetween(from: number, before: number): SnapshotFact[];
  /** The same where all cells that it can find are numbered already. */
  rowsOfKnownCells(from: number, before: number): Facts;
  /** Rows with after < id ≤ through and from ≤ time < before, in the order of ids. */
  eventsById(after: number, through: number, from?: number, before?: number): EventFact[];
  snapshotsById(after: number, through: number, from?: number, before?: number): SnapshotFact[];
  lastEventId(): number;
  lastSnapshotId(): number;
  /** A project's events among ids after < id ≤ through. */
  eventsOfProject(projectId: string, after: number, through: number): EventFact[];
  projectsOfEvents(after: number, through: number): string[];
  /** Those of some projects that have any snapshot; one pass over all snapshots. */
  withSnapshots(projectIds: readonly string[]): string[];
  /** Projects with snapshots among ids after < id ≤ through, with the first of those ids. */
  projectsWithSnapshots(after: number, through: number): Map<string, number>;
};

export function createTableReader(database: Database, cells: Cells): TableReader {
  const indexed = {
    events: hasIndex(database, 'idx_routing_model'),
    snapshots: hasIndex(database, 'idx_snapshots_model'),
  };
  const eventFact = (row: EventColumns): EventFact => ({
    projectId: row[0],
    cell: cells.numberOf(row[2], row[1]),
    score: row[3],
    costUsd: row[4],
    iterations: row[5],
    passed: row[6] !== 0,
    at: row[7],
  });
  const snapshotFact = (row: SnapshotColumns): SnapshotFact => ({
    projectId: row[0],
    cell: cells.numberOf(row[2], row[1]),
    quality: row[3],
    trust: row[4],
    latencyMs: row[5],
    latencyP95Ms: row[6],
    success: row[7],
    costUsd: row[8],
    calls: row[9],
    failures: row[10],
    validatorFailures: row[11],
    at: row[12],
  });

  const eventsOfCell = database
    .prepare<[string, string, number, number], CellEventColumns>(
      `SELECT project_id, score, cost_usd, iterations, det_passed, recorded_at FROM routing_events
       WHERE model_chosen = ? AND task_type = ? AND recorded_at >= ? AND recorded_at < ?`,
    )
    .raw();
  const snapshotsOfCell = database
    .prepare<[string, string, number, number], SnapshotColumns>(
      `SELECT ${snapshotColumns} FROM model_snapshots
       WHERE model = ? AND task_type = ? AND recorded_at >= ? AND recorded_at < ?`,
    )
    .raw();
  const eventsOfTime = database
    .prepare<[number, number], EventColumns>(
      `SELECT ${eventColumns} FROM routing_events WHERE recorded_at >= ? AND recorded_at < ?`,
    )
    .raw();
  const snapshotsOfTime = database
    .prepare<[number, number], SnapshotColumns>(
      `SELECT ${snapshotColumns} FROM model_snapshots WHERE recorded_at >= ? AND recorded_at < ?`,
    )
    .raw();
  const eventsOfIds = database
    .prepare<[number, number, number, number], EventColumns>(
      `SELECT ${eventColumns} FROM routing_events
       WHERE id > ? AND id <= ? AND recorded_at >= ? AND recorded_at < ? ORDER BY id`,
    )
    .raw();
  const snapshotsOfIds = database
    .prepare<[number, number, number, number], SnapshotColumns>(
      `SELECT ${snapshotColumns} FROM model_snapshots
       WHERE id > ? AND id <= ? AND recorded_at >= ? AND recorded_at < ? ORDER BY id`,
    )
    .raw();
  const projectEvents = database
    .prepare<[number, number, string], EventColumns>(
      `SELECT ${eventColumns} FROM routing_events WHERE id > ? AND id <= ? AND project_id = ?`,
    )
    .raw();
  const eventProjects = database
    .prepare<[number, number], string>(
      'SELECT DISTINCT project_id FROM routing_events WHERE id > ? AND id <= ?',
    )
    .pluck();
  const snapshotProjects = database
    .prepare<[number, number], [string, number]>(
      `SELECT project_id, min(id) FROM model_snapshots WHERE id > ? AND id <= ?
       GROUP BY project_id`,
    )
    .raw();
  const settledOf = database
    .prepare<[string], string>(
      `SELECT DISTINCT project_id FROM model_snapshots
       WHERE project_id IN (SELECT value FROM json_each(?))`,
    )
    .pluck();
  const lastId = (table: 'routing_events' | 'model_snapshots') => {
    const statement = database.prepare<[], number | null>(`SELECT max(id) FROM ${table}`).pluck();
    return (): number => statement.get() ?? 0;
  };
  const eventCells = cellScan(database, 'routing_events', 'model_chosen');
  const snapshotCells = cellScan(database, 'model_snapshots', 'model');

  const addEventsOfCell = (
    facts: EventFact[],
    model: string,
    taskType: string,
    from: number,
    before: number,
  ): void => {
    const cell = cells.numberOf(model, taskType);
    for (const row of eventsOfCell.all(model, taskType, from, before)) {
      if (!isUsable(row, 1)) continue;
      const [projectId, score, costUsd, iterations, passed, at] = row;
      facts.push({ projectId, cell, score, costUsd, iterations, passed: passed !== 0, at });
    }
  };
  const addSnapshotsOfCell = (
    facts: SnapshotFact[],
    model: string,
    taskType: string,
    from: number,
    before: number,
  ): void => {
    for (const row of snapshotsOfCell.all(model, taskType, from, before)) {
      if (isUsable(row, 3)) facts.push(snapshotFact(row));
    }
  };
  const eventsBetween = (from: number, before: number): EventFact[] => {
    if (!indexed.events) return eventFacts(eventsOfTime.all(from, before));
    const facts: EventFact[] = [];
    for (const [model, taskType] of eventCells()) {
      addEventsOfCell(facts, model, taskType, from, before);
    }
    return facts;
  };
  const snapshotsBetween = (from: number, before: number): SnapshotFact[] => {
    if (!indexed.snapshots) return snapshotFacts(snapshotsOfTime.all(from, before));
    const facts: SnapshotFact[] = [];
    for (const [model, taskType] of snapshotCells()) {
      addSnapshotsOfCell(facts, model, taskType, from, before);
    }
    return facts;
  };
  const eventFacts = (rows: EventColumns[]): EventFact[] =>
    rows.filter((row) => isUsable(row, 3)).map(eventFact);
  const snapshotFacts = (rows: SnapshotColumns[]): SnapshotFact[] =>
    rows.filter((row) => isUsable(row, 3)).map(snapshotFact);

  return {
    eventsBetween,
    snapshotsBetween,
    rowsOfKnownCells(from, before) {
      if (!indexed.events || !indexed.snapshots) {
        return {
          events: eventsBetween(from, before),
          snapshots: snapshotsBetween(from, before),
        };
      }
      const facts: Facts = { events: [], snapshots: [] };
      for (const { model, taskType } of cells.all()) {
        addEventsOfCell(facts.events, model, taskType, from, before);
        addSnapshotsOfCell(facts.snapshots, model, taskType, from, before);
      }
      return facts;
    },
    eventsById: (after, through, from = -Infinity, before = Infinity) =>
      eventFacts(eventsOfIds.all(after, through, from, before)),
    snapshotsById: (after, through, from = -Infinity, before = Infinity) =>
      snapshotFacts(snapshotsOfIds.all(after, through, from, before)),
    lastEventId: lastId('routing_events'),
    lastSnapshotId: lastId('model_snapshots'),
    eventsOfProject: (projectId, after, through) =>
      eventFacts(projectEvents.all(after, through, projectId)),
    withSnapshots: (projectIds) =>
      projectIds.length === 0 ? [] : settledOf.all(JSON.stringify(projectIds)),
    projectsOfEvents: (after, through) => eventProjects.all(after, through),
    projectsWithSnapshots: (after, through) => new Map(snapshotProjects.all(after, through)),
  };
}

/**
 * All (model, task type)s of a table, two seeks of its index each, however many rows there are. (A
 * comparison of row values would seek by the model alone and walk over all its rows.)
 */
function cellScan(database: Database, table: string, model: string): () => [string, string][] {
  const nextType = database
    .prepare<[string, string], [string, string]>(
      `SELECT ${model}, task_type FROM ${table} WHERE ${model} = ? AND task_type > ?
       ORDER BY task_type LIMIT 1`,
    )
    .raw();
  const nextModel = database
    .prepare<[string], [string, string]>(
      `SELECT ${model}, task_type FROM ${table} WHERE ${model} > ?
       ORDER BY ${model}, task_type LIMIT 1`,
    )
    .raw();
  return () => {
    const found: [string, string][] = [];
    let cell = nextModel.get('');
    while (cell !== undefined) {
      found.push(cell);
      cell = nextType.get(...cell) ?? nextModel.get(cell[0]);
    }
    return found;
  };
}

function hasIndex(database: Database, name: string): boolean {
  const found = database
    .prepare<[string], { name: string }>(
      `SELECT name FROM sqlite_schema WHERE type = 'index' AND name = ?`,
    )
    .get(name);
  return found !== undefined;
}

/** The door keeps such numbers out of what this program writes; a foreign row may still hold them. */
function isUsable(row: readonly (string | number)[], firstNumber: number): boolean {
  for (let index = firstNumber; index < row.length; index += 1) {
    if (!Number.isFinite(row[index])) return false;
  }
  return true;
}
