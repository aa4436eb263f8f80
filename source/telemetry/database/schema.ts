import type { Database } from 'better-sqlite3';

/** The version this code writes; a database of the original has 0. */
export const schemaVersion = 1;

/** The two tables and two indexes that the original and this program share, word for word. */
export const sharedSchema = `
CREATE TABLE IF NOT EXISTS model_snapshots (
    id                   INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id           TEXT    NOT NULL,
    model                TEXT    NOT NULL,
    task_type            TEXT    NOT NULL,
    quality_score        REAL    NOT NULL,
    trust_factor         REAL    NOT NULL,
    avg_latency_ms       REAL    NOT NULL,
    latency_p95_ms       REAL    NOT NULL,
    success_rate         REAL    NOT NULL,
    avg_cost_usd         REAL    NOT NULL,
    call_count           INTEGER NOT NULL,
    failure_count        INTEGER NOT NULL,
    validator_fail_count INTEGER NOT NULL,
    recorded_at          REAL    NOT NULL
);

CREATE TABLE IF NOT EXISTS routing_events (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id   TEXT    NOT NULL,
    task_id      TEXT    NOT NULL,
    task_type    TEXT    NOT NULL,
    model_chosen TEXT    NOT NULL,
    reviewer     TEXT,
    score        REAL    NOT NULL,
    cost_usd     REAL    NOT NULL,
    iterations   INTEGER NOT NULL,
    det_passed   INTEGER NOT NULL,
    recorded_at  REAL    NOT NULL
);

CREATE INDEX IF NOT EXISTS idx_snapshots_model ON model_snapshots(model, task_type, recorded_at);
CREATE INDEX IF NOT EXISTS idx_routing_model   ON routing_events(model_chosen, task_type, recorded_at);
`;

/**
 * What each version adds; all append-only, and a database without them is read as it is.
 *
 * 1: `written_batches` makes a batch that is tried twice count once. The others sum the past up, see
 *    `docs/performance.md`: `summary_blocks` holds the sums of a block of ids, in which `summary_cells`
 *    numbers the (model, task type)s; `settled_projects` the projects that have snapshots;
 *    `summary_corrections` takes back what such a project counted before it had them; `project_blocks`
 *    says where a project's events lie.
 */
const upgrades: readonly string[] = [
  `
CREATE TABLE IF NOT EXISTS written_batches (
    writer INTEGER NOT NULL,
    batch  INTEGER NOT NULL,
    PRIMARY KEY (writer, batch)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS summary_cells (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    model     TEXT NOT NULL,
    task_type TEXT NOT NULL,
    UNIQUE (model, task_type)
);

CREATE TABLE IF NOT EXISTS summary_blocks (
    kind                INTEGER NOT NULL,
    level               INTEGER NOT NULL,
    block               INTEGER NOT NULL,
    max_at              REAL    NOT NULL,
    min_at              REAL    NOT NULL,
    snapshots_through   INTEGER NOT NULL,
    corrections_through INTEGER NOT NULL,
    bucket_seconds      INTEGER NOT NULL,
    summed              INTEGER NOT NULL,
    projects            TEXT,
    cells               BLOB,
    aged                BLOB,
    PRIMARY KEY (kind, level, block)
);

CREATE INDEX IF NOT EXISTS idx_summary_time ON summary_blocks(kind, level, max_at, min_at, block,
    bucket_seconds, corrections_through, summed);

CREATE TABLE IF NOT EXISTS settled_projects (
    project_id     TEXT PRIMARY KEY,
    first_snapshot INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS summary_corrections (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    block INTEGER NOT NULL,
    cells BLOB    NOT NULL,
    aged  BLOB    NOT NULL
);

CREATE INDEX IF NOT EXISTS idx_corrections_block ON summary_corrections(block);

CREATE TABLE IF NOT EXISTS project_blocks (
    project_id TEXT    NOT NULL,
    block      INTEGER NOT NULL,
    PRIMARY KEY (project_id, block)
) WITHOUT ROWID;
`,
];

/** The tables and indexes that a database of this version has; {@link isCurrent}. */
const names = [
  'model_snapshots',
  'routing_events',
  'idx_snapshots_model',
  'idx_routing_model',
  'written_batches',
  'summary_cells',
  'summary_blocks',
  'idx_summary_time',
  'settled_projects',
  'summary_corrections',
  'idx_corrections_block',
  'project_blocks',
];

/** The version that a database says it has. */
export function versionOf(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/**
 * Brings a database to this version in one transaction, whatever is missing; safe when several
 * processes do it at once. A newer version is left alone: the caller asks {@link versionOf} first.
 */
export function upgrade(database: Database): void {
  const run = database.transaction(() => {
    const version = versionOf(database);
    if (version > schemaVersion) return;
    database.exec(sharedSchema);
    for (const statements of upgrades) database.exec(statements);
    if (version < schemaVersion) database.pragma(`user_version = ${schemaVersion}`);
  });
  run.immediate();
}

/** Whether nothing needs to be done before writing; spares the write lock on every start. */
export function isCurrent(database: Database): boolean {
  if (versionOf(database) !== schemaVersion) return false;
  const present = new Set(
    database.prepare<[], string>('SELECT name FROM sqlite_schema').pluck().all(),
  );
  return names.every((name) => present.has(name));
}

/** The statements as SQLite keeps them. */
const layout = upgrades
  .join('')
  .split(';')
  .map((statement) => statement.trim().replace('IF NOT EXISTS ', ''))
  .filter((statement) => statement !== '');

/**
 * Whether there are summaries of the past that this program understands: of its version and, to the letter,
 * of its layout. Without them everything is read from the two tables.
 */
export function hasSummaries(database: Database): boolean {
  if (!isCurrent(database)) return false;
  const present = new Set(
    database.prepare<[], string | null>('SELECT sql FROM sqlite_schema').pluck().all(),
  );
  return layout.every((statement) => present.has(statement));
}

/** Empty tables in place of those of the two that are missing, for this connection alone. */
export function standIn(database: Database, missing: readonly string[]): void {
  for (const statement of sharedSchema.split(';')) {
    const name = /CREATE TABLE IF NOT EXISTS (\w+)/.exec(statement)?.[1];
    if (name !== undefined && missing.includes(name)) {
      database.exec(statement.replace('CREATE TABLE', 'CREATE TEMP TABLE'));
    }
  }
}

/** The names of the tables that are there, for readers of databases of any version. */
export function tablesOf(database: Database): ReadonlySet<string> {
  const names = database
    .prepare<[], { name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
    .all();
  return new Set(names.map(({ name }) => name));
}
