import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { upgrade } from '../../source/telemetry/database/schema.ts';
import { createBuild } from '../../source/telemetry/sqlite/build-rollups.ts';
import { createPast } from '../../source/telemetry/sqlite/past.ts';
import {
  openRollups,
  openRollupsForWriting,
  rollupsPathOf,
} from '../../source/telemetry/sqlite/rollups.ts';

const day = 86_400;
const start = 1_750_000_000;
/** Small, so that few rows are many. */
const limits = {
  leastRows: 1,
  mostBehind: 8,
  denseRows: 10,
  rowsPerStep: 10,
  mostAtOnce: 3,
  edges: [1, 2, 7, 14, 30, 60],
};
const roles = ['planner', 'generator', 'reviser', 'critic', 'judge'] as const;
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
  | {
      type: 'calls';
      project: number;
      cell: number;
      count: number;
      jump: number;
      seed: number;
    }
  /** What was found of tasks, before or after they are recorded. */
  | { type: 'outcomes'; project: number; task: number; count: number; seed: number }
  /** Rows of another scale. */
  | { type: 'unusable'; project: number; cell: number; jump: number }
  | { type: 'pass'; seconds: number }
  | { type: 'summarise'; most: number }
  | { type: 'forget sums' }
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
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('calls' as const),
      // Of some projects no call is ever recorded.
      project: fc.nat(3),
      cell,
      count: fc.integer({ min: 1, max: 8 }),
      jump,
      seed: fc.nat(1000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('outcomes' as const),
      project,
      task: fc.nat(11),
      count: fc.integer({ min: 1, max: 3 }),
      seed: fc.nat(1000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('unusable' as const), project, cell, jump }),
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
  { weight: 1, arbitrary: fc.record({ type: fc.constant('forget sums' as const) }) },
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

const providerOf = (model: string): string => (model === 'd' ? 'q' : 'p');

/** A database, a reader that stays open, and a clock. */
export function createWorld(original: boolean) {
  const directory = mkdtempSync(join(tmpdir(), 'orchestrator-world-'));
  const path = join(directory, 'telemetry.db');
  const database = new Database(':memory:');
  upgrade(database);
  let now = start;
  const build = createBuild(
    database,
    () => openRollupsForWriting(path),
    () => now,
    limits,
  );
  const fresh = () => createPast(database, () => (original ? undefined : openRollups(path)));
  const open = fresh();
  let calls = 0;

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
  const addCalls = ({ project, cell, count, jump, seed }: Extract<Step, { type: 'calls' }>) => {
    const insert = database.prepare(
      `INSERT INTO model_calls (project_id, call_id, task_type, role, provider, model, cost_usd,
         cost_estimated, latency_ms, outcome, recorded_at, subject_model, score)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0, 1, ?, ?, ?, ?)`,
    );
    const [model, taskType] = cellOf(cell);
    for (let index = 0; index < count; index += 1) {
      const role = roles[(seed + index) % roles.length] ?? 'judge';
      const at = now + jump + index * 400;
      const isJudgement = role === 'judge';
      const [subject] = cellOf((seed + index) % 3);
      calls += 1;
      insert.run(
        `p${project}`,
        `c${calls}`,
        role === 'planner' ? null : taskType,
        role,
        providerOf(model),
        model,
        (seed % 13) / 1000,
        seed % 5 === 0 ? 'rate-limited' : 'ok',
        at,
        isJudgement ? subject : null,
        // Now and then one that cannot be used, or cannot be true.
        isJudgement && seed % 9 !== 0 ? ((seed * 11 + index * 17) % 103) / 100 : null,
      );
    }
  };
  const addOutcomes = ({
    project,
    task,
    count,
    seed,
  }: Extract<Step, { type: 'outcomes' }>): void => {
    const insert = database.prepare(
      `INSERT INTO outcomes (project_id, task_id, source, value, sampled, note, recorded_at)
       VALUES (?, ?, ?, ?, NULL, NULL, ?)`,
    );
    const sources = ['person', 'test', 'merge', 'import', 'qa'];
    for (let index = 0; index < count; index += 1) {
      const source = sources[(seed + index) % sources.length];
      // Now and then a source takes back what it said.
      const value = (seed + index) % 4 === 0 ? null : ((seed * 3 + index * 29) % 101) / 100;
      insert.run(`p${project}`, `t${(task + index) % 12}`, source, value, now);
    }
  };
  const addUnusable = ({ project, cell, jump }: Extract<Step, { type: 'unusable' }>) => {
    const insert = database.prepare(
      `INSERT INTO routing_events (project_id, task_id, task_type, model_chosen, score, cost_usd,
         iterations, det_passed, recorded_at) VALUES (?, 't', ?, ?, ?, ?, 1, 1, ?)`,
    );
    const [model, taskType] = cellOf(cell);
    for (const [score, costUsd] of [
      [87, 0.1],
      [0.5, -5],
      [Infinity, 0],
    ]) {
      insert.run(`p${project}`, taskType, model, score, costUsd, now + jump);
    }
  };
  return {
    database,
    open,
    fresh,
    now: () => now,
    /** Takes everything away that was made. */
    end: (): void => {
      open.close();
      build.close();
      database.close();
      rmSync(directory, { recursive: true, force: true });
    },

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
          if (!original) for (let index = 0; index < step.most && build.step(); index += 1);
          return;
        case 'forget sums':
          for (const end of ['', '-wal', '-shm']) {
            rmSync(rollupsPathOf(path) + end, { force: true });
          }
          return;
        case 'calls':
          return addCalls(step);
        case 'outcomes':
          return addOutcomes(step);
        case 'unusable':
          return addUnusable(step);
      }
    },
  };
}
