import type { Database } from 'better-sqlite3';
import { hasFactTable } from '../database/fact-tables.ts';
import { hasUnscoredTable, unscoredTable } from '../database/unscored-table.ts';
import type { Cells } from './cells.ts';
import { createIdRuns, eventTable, type IdRun, snapshotTable } from './id-runs.ts';
import type { EventFact, SnapshotFact } from './sums.ts';

type EventColumns = [
  projectId: string,
  taskType: string,
  model: string,
  score: number,
  costUsd: number,
  iterations: number,
  passed: number,
  at: number,
  unscored: number,
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
  unscored: number,
];

const eventColumns =
  'project_id, task_type, model_chosen, score, cost_usd, iterations, det_passed, recorded_at';
const snapshotColumns = `project_id, task_type, model, quality_score, trust_factor, avg_latency_ms,
  latency_p95_ms, success_rate, avg_cost_usd, call_count, failure_count, validator_fail_count,
  recorded_at`;

/** Reads rows of the two tables as facts; rows whose numbers another program left unusable are passed over. */
export type TableReader = {
  /** Hands on rows with from ≤ time < before, found by the indexes on (model, task type, time). */
  eachEvent(from: number, before: number, use: (event: EventFact) => void): void;
  eachSnapshot(from: number, before: number, use: (snapshot: SnapshotFact) => void): void;
  /** Rows with after < id ≤ through and from ≤ time < before, in the order of ids. */
  eventsById(after: number, through: number, from?: number, before?: number): EventFact[];
  snapshotsById(after: number, through: number, from?: number, before?: number): SnapshotFact[];
  lastEventId(): number;
  lastSnapshotId(): number;
  /** A project's events among ids after < id ≤ through. */
  eventsOfProject(projectId: string, after: number, through: number): EventFact[];
  /** When a project did anything; one pass over all rows. */
  timesOf(projectId: string): number[];
  projectsOfEvents(after: number, through: number): string[];
  /** Those of some projects that have any snapshot; one pass over all snapshots. */
  withSnapshots(projectIds: readonly string[]): string[];
  /** Projects with snapshots among ids after < id ≤ through, with the first of those ids. */
  projectsWithSnapshots(after: number, through: number): Map<string, number>;
};

export function createTableReader(database: Database, cells: Cells): TableReader {
  const eventFact = (row: EventColumns): EventFact => ({
    projectId: row[0],
    cell: cells.numberOf(row[2], row[1]),
    score: row[8] === 0 ? row[3] : null,
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
    unscored: row[13] !== 0,
  });

  const eventRow = `${eventColumns}, ${
    hasFactTable(database, 'unscored_events')
      ? 'CASE WHEN score = 0 THEN EXISTS (SELECT 1 FROM unscored_events WHERE event_id = id) ELSE 0 END'
      : '0'
  } AS unscored`;
  const eventsOfIds = database
    .prepare<[number, number, number, number], EventColumns>(
      `SELECT ${eventRow} FROM routing_events
       WHERE id > ? AND id <= ? AND recorded_at >= ? AND recorded_at < ? ORDER BY id`,
    )
    .raw();
  // A quality of 0 is rare, and else nothing is looked up.
  const unscored = hasUnscoredTable(database)
    ? `CASE WHEN quality_score = 0 THEN EXISTS (SELECT 1 FROM ${unscoredTable} WHERE snapshot_id = id) ELSE 0 END`
    : '0';
  const snapshotsOfIds = database
    .prepare<[number, number, number, number], SnapshotColumns>(
      `SELECT ${snapshotColumns}, ${unscored} AS unscored FROM model_snapshots
       WHERE id > ? AND id <= ? AND recorded_at >= ? AND recorded_at < ? ORDER BY id`,
    )
    .raw();
  const projectEvents = database
    .prepare<[number, number, string], EventColumns>(
      `SELECT ${eventRow} FROM routing_events WHERE id > ? AND id <= ? AND project_id = ?`,
    )
    .raw();
  const projectTimes = database
    .prepare<[string, string], number>(
      `SELECT recorded_at FROM routing_events WHERE project_id = ?
       UNION ALL SELECT recorded_at FROM model_snapshots WHERE project_id = ?`,
    )
    .pluck();
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
  const lastEventId = lastId('routing_events');
  const lastSnapshotId = lastId('model_snapshots');
  const eventRuns = createIdRuns(database, eventTable);
  const snapshotRuns = createIdRuns(database, snapshotTable);

  const eventFacts = (rows: EventColumns[]): EventFact[] => rows.filter(isUsable).map(eventFact);
  const snapshotFacts = (rows: SnapshotColumns[]): SnapshotFact[] =>
    rows.filter(isUsable).map(snapshotFact);

  return {
    eachEvent(from, before, use) {
      for (const { after, through } of inChunks(eventRuns(from, before), lastEventId())) {
        for (const row of eventsOfIds.all(after, through, from, before)) {
          if (isUsable(row)) use(eventFact(row));
        }
      }
    },
    eachSnapshot(from, before, use) {
      for (const { after, through } of inChunks(snapshotRuns(from, before), lastSnapshotId())) {
        for (const row of snapshotsOfIds.all(after, through, from, before)) {
          if (isUsable(row)) use(snapshotFact(row));
        }
      }
    },
    eventsById: (after, through, from = -Infinity, before = Infinity) =>
      eventFacts(eventsOfIds.all(after, through, from, before)),
    snapshotsById: (after, through, from = -Infinity, before = Infinity) =>
      snapshotFacts(snapshotsOfIds.all(after, through, from, before)),
    lastEventId,
    lastSnapshotId,
    eventsOfProject: (projectId, after, through) =>
      eventFacts(projectEvents.all(after, through, projectId)),
    timesOf: (projectId) => projectTimes.all(projectId, projectId),
    withSnapshots: (projectIds) =>
      projectIds.length === 0 ? [] : settledOf.all(JSON.stringify(projectIds)),
    projectsOfEvents: (after, through) => eventProjects.all(after, through),
    projectsWithSnapshots: (after, through) => new Map(snapshotProjects.all(after, through)),
  };
}

/** Ids read at once: rows that are let go of young cost the collector nothing. */
const chunk = 2000;

function* inChunks(runs: readonly IdRun[], lastId: number): Generator<IdRun> {
  for (const run of runs) {
    const end = Math.min(run.through, lastId);
    for (let { after } = run; after < end; after += chunk) {
      yield { after, through: Math.min(after + chunk, end) };
    }
  }
}

/** Validation keeps such numbers out of what this program writes; a foreign row may still hold them. */
function isUsable(row: readonly (string | number)[]): boolean {
  for (let index = 3; index < row.length; index += 1) {
    if (!Number.isFinite(row[index])) return false;
  }
  return true;
}
