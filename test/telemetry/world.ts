import Database from 'better-sqlite3';
import fc from 'fast-check';
import { upgrade } from '../../source/telemetry/database/schema.ts';
import { createSummariser } from '../../source/telemetry/summary/summarise.ts';
import { createTimelineReader } from '../../source/telemetry/timeline/timeline-reader.ts';

const day = 86_400;
const start = 1_750_000_000;
/** Small blocks, so that few rows make many. */
export const grid = { blockSize: 8, groupSize: 3 };
const models = ['a', 'b/c', 'd'];
const taskTypes = ['code_generation', 'own-type'];

export type Step =
  | { type: 'events'; project: number; cell: number; count: number; jump: number; seed: number }
  | {
      type: 'snapshots';
      project: number;
      cell: number;
      count: number;
      jump: number;
      failed: boolean;
      /** Whether nobody judged what did not fail. */
      unscored?: boolean;
      seed: number;
    }
  | { type: 'pass'; seconds: number }
  | { type: 'summarise'; most: number }
  | { type: 'read'; days: number };

const jump = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: -100 * day, max: 3 * day }) },
  { weight: 1, arbitrary: fc.integer({ min: -4000, max: 4000 }) },
);
const project = fc.nat(5);
const cell = fc.nat(5);
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('events' as const),
      project,
      cell,
      count: fc.integer({ min: 1, max: 12 }),
      jump,
      seed: fc.nat(1000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('snapshots' as const),
      project,
      cell,
      count: fc.integer({ min: 1, max: 12 }),
      jump,
      failed: fc.boolean(),
      unscored: fc.boolean(),
      seed: fc.nat(1000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('pass' as const),
      seconds: fc.oneof(
        fc.constant(600),
        fc.constant(day / 2),
        fc.integer({ min: 0, max: 9 * day }),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('summarise' as const),
      most: fc.integer({ min: 1, max: 9 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('read' as const),
      days: fc.constantFrom(1, 2, 7, 30, 45),
    }),
  },
);

const cellOf = (number: number): [string, string] => [
  models[number % 3] ?? '',
  taskTypes[Math.floor(number / 3)] ?? '',
];

/** A database, a reader that stays open, and a clock. */
export function createWorld(original: boolean) {
  const database = new Database(':memory:');
  upgrade(database);
  if (original) database.pragma('user_version = 0');
  const summariser = createSummariser(database, grid);
  const open = createTimelineReader(database, grid);
  let now = start;

  const addEvents = ({ project, cell, count, jump, seed }: Extract<Step, { type: 'events' }>) => {
    const insert = database.prepare(
      `INSERT INTO routing_events (project_id, task_id, task_type, model_chosen, reviewer, score,
         cost_usd, iterations, det_passed, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const mark = database.prepare('INSERT INTO unscored_events VALUES (?)');
    const [model, taskType] = cellOf(cell);
    for (let index = 0; index < count; index += 1) {
      const score = ((seed * 7 + index * 31) % 101) / 100;
      const at = now + jump + index * 0.5;
      const iterations = (seed + index) % 4;
      // Now and then nobody judged the answer.
      const isUnscored = (seed + index) % 7 === 0;
      const { lastInsertRowid } = insert.run(
        `p${project}`,
        `t${index}`,
        taskType,
        model,
        null,
        isUnscored ? 0 : score,
        score / 50,
        iterations,
        seed % 2,
        at,
      );
      if (isUnscored) mark.run(lastInsertRowid);
    }
  };
  const addSnapshots = (step: Extract<Step, { type: 'snapshots' }>) => {
    const { project, count, jump, failed, unscored = false, seed } = step;
    const note = database.prepare('INSERT INTO unscored_snapshots VALUES (?)');
    const insert = database.prepare(
      `INSERT INTO model_snapshots (project_id, model, task_type, quality_score, trust_factor,
         avg_latency_ms, latency_p95_ms, success_rate, avg_cost_usd, call_count, failure_count,
         validator_fail_count, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    for (let index = 0; index < count; index += 1) {
      // Some runs have all their snapshots in one cell, others in all of them.
      const [model, taskType] = cellOf((step.cell + (seed % 2) * index) % 6);
      const calls = ((seed + index) % 9) + 1;
      const { lastInsertRowid } = insert.run(
        `p${project}`,
        model,
        taskType,
        failed || unscored ? 0 : ((seed + index * 13) % 100) / 100,
        0.9,
        100 + seed,
        200 + seed,
        failed ? 0 : 0.75,
        seed / 1e5,
        calls,
        failed ? calls : seed % calls,
        seed % 2,
        now + jump,
      );
      if (unscored) note.run(lastInsertRowid);
    }
  };
  return {
    database,
    open,
    now: () => now,
    take: (step: Exclude<Step, { type: 'read' }>): void => {
      switch (step.type) {
        case 'events':
          return addEvents(step);
        case 'snapshots':
          return addSnapshots(step);
        case 'pass':
          now += step.seconds;
          return;
        case 'summarise':
          for (let index = 0; index < step.most && summariser.step(); index += 1);
      }
    },
  };
}
