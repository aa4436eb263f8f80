import Database from 'better-sqlite3';
import { rmSync } from 'node:fs';
import { daySeconds } from '../../source/domain/durations.ts';
import { seededRandom } from '../../source/domain/runtime.ts';
import { builtInTaskTypes } from '../../source/domain/task-type.ts';
import { sharedSchema } from '../../source/telemetry/database/schema.ts';

export const models = [
  'deepseek-chat',
  'deepseek-reasoner',
  'claude-opus',
  'claude-sonnet',
  'claude-haiku',
  'gemini-pro',
  'gemini-flash',
  'gpt-large',
  'gpt-small',
  'kimi-k2',
  'glm-5',
  'minimax-m3',
];
const tasksPerRun = 100;
const snapshotsPerRun = 20;
const year = 365 * daySeconds;

/**
 * A year of history as the original wrote it, ending now: runs of 100 tasks that take ten minutes each,
 * with 20 snapshots at their ends.
 */
export function writeHistory(path: string, events: number, now: number): void {
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
  const database = new Database(path);
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  const [tables = '', indexes = ''] = sharedSchema.split(/(?=CREATE INDEX)/s, 2);
  database.exec(tables);
  const addEvent = database.prepare(
    `INSERT INTO routing_events (project_id, task_id, task_type, model_chosen, reviewer, score,
       cost_usd, iterations, det_passed, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const addSnapshot = database.prepare(
    `INSERT INTO model_snapshots (project_id, model, task_type, quality_score, trust_factor,
       avg_latency_ms, latency_p95_ms, success_rate, avg_cost_usd, call_count, failure_count,
       validator_fail_count, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const random = seededRandom(1);
  const pick = <Item>(items: readonly Item[], fallback: Item): Item =>
    items[Math.floor(random() * items.length)] ?? fallback;
  const runs = Math.ceil(events / tasksPerRun);
  database.exec('BEGIN');
  for (let run = 0; run < runs; run += 1) {
    const projectId = `project-${run.toString(36).padStart(6, '0')}`;
    const startsAt = now - year + ((run + 0.5) / runs) * (year - 600);
    for (let task = 0; task < tasksPerRun; task += 1) {
      addEvent.run(
        projectId,
        `task_${task}`,
        pick(builtInTaskTypes, 'evaluation'),
        pick(models, 'glm-5'),
        pick(models, 'glm-5'),
        0.5 + random() * 0.5,
        random() * 0.02,
        1 + Math.floor(random() * 3),
        random() < 0.9 ? 1 : 0,
        startsAt + task * 6,
      );
    }
    for (let cell = 0; cell < snapshotsPerRun; cell += 1) {
      addSnapshot.run(
        projectId,
        pick(models, 'glm-5'),
        pick(builtInTaskTypes, 'evaluation'),
        0.5 + random() * 0.5,
        1,
        500 + random() * 1000,
        1500 + random() * 1000,
        0.95,
        random() * 0.01,
        2 + Math.floor(random() * 8),
        0,
        0,
        startsAt + 600,
      );
    }
    if (run % 1000 === 999) database.exec('COMMIT; BEGIN');
  }
  database.exec('COMMIT');
  database.exec(`CREATE INDEX${indexes.slice('CREATE INDEX'.length)}`);
  const rest = sharedSchema.split(/(?=CREATE INDEX)/s).slice(2);
  for (const statement of rest) database.exec(statement);
  database.pragma('journal_mode = WAL');
  database.close();
}
