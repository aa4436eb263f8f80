import Database from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sharedSchema } from '../../source/telemetry/database/schema.ts';
import { openInsightReader, openTelemetryStore } from '../../source/telemetry/index.ts';
import { openWriting } from './open-writing.ts';
import { call, result, temporaryDirectory } from './support.ts';

/** All that a query finds. */
function rowsIn(path: string, query: string): unknown[] {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare(query).all();
  } finally {
    database.close();
  }
}

const columnsIn = (path: string, table: string) =>
  rowsIn(
    path,
    `SELECT name || ' ' || type || iif("notnull", ' NOT NULL', '') AS c FROM pragma_table_info('${table}')`,
  ).map((row) => (row as { c: string }).c);

async function storeAt(path: string) {
  const store = openTelemetryStore({ path, now: () => 1000 });
  onTestFinished(() => store.close());
  return store;
}

describe('the tables of version 2', () => {
  it('have the columns that other programs read', () => {
    const { path, record } = openWriting();
    record('t');
    expect(columnsIn(path, 'model_calls')).toEqual([
      'id INTEGER',
      'project_id TEXT NOT NULL',
      'call_id TEXT NOT NULL',
      'task_id TEXT',
      'task_type TEXT',
      'attempt INTEGER',
      'role TEXT NOT NULL',
      'provider TEXT NOT NULL',
      'model TEXT NOT NULL',
      'served_model TEXT',
      'response_id TEXT',
      'subject_model TEXT',
      'score REAL',
      'input_tokens INTEGER',
      'cached_input_tokens INTEGER',
      'cache_write_tokens INTEGER',
      'output_tokens INTEGER',
      'reasoning_tokens INTEGER',
      'cost_usd REAL NOT NULL',
      'cost_estimated INTEGER NOT NULL',
      'latency_ms REAL NOT NULL',
      'outcome TEXT NOT NULL',
      'propensity REAL',
      'recorded_at REAL NOT NULL',
    ]);
    expect(columnsIn(path, 'outcomes')).toEqual([
      'id INTEGER',
      'project_id TEXT NOT NULL',
      'task_id TEXT NOT NULL',
      'source TEXT NOT NULL',
      'value REAL',
      'sampled REAL',
      'note TEXT',
      'recorded_at REAL NOT NULL',
    ]);
    expect(columnsIn(path, 'unscored_events')).toEqual(['event_id INTEGER']);
    expect(columnsIn(path, 'imported')).toEqual([
      'source TEXT NOT NULL',
      'source_id TEXT NOT NULL',
    ]);
    expect(rowsIn(path, 'PRAGMA user_version')).toEqual([{ user_version: 2 }]);
  });

  it('are added to a database of the original by a writer, and by no reader', async () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    const original = new Database(path);
    original.exec(sharedSchema);
    original.exec(
      `INSERT INTO routing_events VALUES (7, 'p', 't', 'x', 'm', NULL, 0.5, 0, 1, 1, 900)`,
    );
    original.close();
    const before = readFileSync(path);
    const reader = openInsightReader({ path, now: () => 1000 });
    expect(reader.read(30).status).toBe('ready');
    reader.close();
    expect(readFileSync(path).equals(before)).toBe(true);
    const store = await storeAt(path);
    store.recordCall('p', call());
    await store.flush();
    expect(rowsIn(path, 'PRAGMA user_version')).toEqual([{ user_version: 2 }]);
    expect(rowsIn(path, 'SELECT id, score FROM routing_events')).toEqual([{ id: 7, score: 0.5 }]);
    expect(rowsIn(path, 'SELECT call_id FROM model_calls')).toEqual([{ call_id: 'c1' }]);
  });

  it('are added to a database of version 1, whose sums of the past stay as they were', async () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    const older = new Database(path);
    older.exec(sharedSchema);
    older.exec(`CREATE TABLE summary_blocks (kind INTEGER, cells BLOB);
      INSERT INTO summary_blocks VALUES (1, x'00ff');
      CREATE TABLE written_batches (writer INTEGER NOT NULL, batch INTEGER NOT NULL,
        PRIMARY KEY (writer, batch)) WITHOUT ROWID;
      PRAGMA user_version = 1`);
    older.close();
    const store = await storeAt(path);
    store.recordRoutingEvent('p', 't', result());
    await store.flush();
    expect(rowsIn(path, 'PRAGMA user_version')).toEqual([{ user_version: 2 }]);
    expect(rowsIn(path, 'SELECT kind, hex(cells) AS cells FROM summary_blocks')).toEqual([
      { kind: 1, cells: '00FF' },
    ]);
  });

  it.each(['model_calls', 'outcomes', 'unscored_events', 'imported'])(
    'are not written beside a table of another program called %s',
    (table) => {
      const path = join(temporaryDirectory(), 'telemetry.db');
      const other = new Database(path);
      other.exec(`CREATE TABLE ${table} (something_else TEXT)`);
      other.close();
      const before = readFileSync(path);
      const { record, notices } = openWriting(path);
      expect(record('t1')).toBe('spooled');
      expect(notices()).toEqual([expect.stringMatching(/not a telemetry database/)]);
      expect(readFileSync(path).equals(before)).toBe(true);
    },
  );
});

describe('records of calls and outcomes', () => {
  it('are in their tables once flush resolves', async () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    const store = await storeAt(path);
    store.recordCall(
      'p',
      call({
        taskId: 't',
        taskType: 'evaluation',
        attempt: 2,
        role: 'judge',
        servedModel: 'gpt-2026',
        responseId: 'r1',
        subjectModel: 'claude',
        score: 0.75,
        inputTokens: 100,
        cachedInputTokens: 20,
        cacheWriteTokens: 10,
        outputTokens: 50,
        reasoningTokens: 40,
        costEstimated: true,
        propensity: 0.5,
        at: 999,
      }),
    );
    store.recordOutcome('p', 't', { source: 'person', value: 1, sampled: 0.1, note: 'fine' });
    store.recordOutcome('p', 't', { source: 'person', value: null });
    await store.flush();
    expect(rowsIn(path, 'SELECT * FROM model_calls')).toEqual([
      {
        id: 1,
        project_id: 'p',
        call_id: 'c1',
        task_id: 't',
        task_type: 'evaluation',
        attempt: 2,
        role: 'judge',
        provider: 'openai',
        model: 'gpt',
        served_model: 'gpt-2026',
        response_id: 'r1',
        subject_model: 'claude',
        score: 0.75,
        input_tokens: 100,
        cached_input_tokens: 20,
        cache_write_tokens: 10,
        output_tokens: 50,
        reasoning_tokens: 40,
        cost_usd: 0.01,
        cost_estimated: 1,
        latency_ms: 1200,
        outcome: 'ok',
        propensity: 0.5,
        recorded_at: 999,
      },
    ]);
    expect(rowsIn(path, 'SELECT * FROM outcomes')).toEqual([
      {
        id: 1,
        project_id: 'p',
        task_id: 't',
        source: 'person',
        value: 1,
        sampled: 0.1,
        note: 'fine',
        recorded_at: 1000,
      },
      {
        id: 2,
        project_id: 'p',
        task_id: 't',
        source: 'person',
        value: null,
        sampled: null,
        note: null,
        recorded_at: 1000,
      },
    ]);
    expect(store.stats()).toEqual({ recorded: 3, written: 3, refused: 0, spooled: 0, lost: 0 });
  });

  it('count a call once, however often a resumed run offers it', async () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    for (const costUsd of [0.01, 0.02]) {
      const store = await storeAt(path);
      store.recordCall('p', call({ costUsd }));
      store.recordCall('q', call({ costUsd }));
      store.recordCall('p', call({ costUsd }));
      await store.close();
    }
    expect(rowsIn(path, 'SELECT project_id, call_id, cost_usd FROM model_calls')).toEqual([
      { project_id: 'p', call_id: 'c1', cost_usd: 0.01 },
      { project_id: 'q', call_id: 'c1', cost_usd: 0.01 },
    ]);
  });

  it('are refused, counted and reported once where they cannot be true', async () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    const notices: string[] = [];
    const store = openTelemetryStore({ path, onNotice: (text) => notices.push(text) });
    store.recordCall('p', call({ outputTokens: 1e12 }));
    store.recordCall('p', call({ costUsd: Number.NaN }));
    store.recordOutcome('p', 't', { source: 'person', value: 7 });
    // @ts-expect-error from plain JavaScript anything may come
    store.recordCall('p', null);
    await store.close();
    expect(store.stats()).toMatchObject({ recorded: 0, written: 0, refused: 4 });
    expect(notices).toEqual([expect.stringContaining('outputTokens')]);
  });
});
