import Database from 'better-sqlite3';
import { join } from 'node:path';
import { playStory } from '../../source/commands/demo/play-story.ts';
import { cachePaths } from '../../source/commands/shared/cache-paths.ts';
import { daySeconds } from '../../source/domain/durations.ts';
import type { CallRole } from '../../source/domain/model-call.ts';
import { seededRandom } from '../../source/domain/runtime.ts';
import { sharedSchema } from '../../source/telemetry/database/schema.ts';
import { openTelemetryStore } from '../../source/telemetry/index.ts';

/** Whole histories, as different as users are: what screens say of them must hold for all. */
export type History = { database: string; runs: string; now: number };

/** A database in which nothing is recorded. */
export function emptyHistory(folder: string): History {
  const database = join(folder, 'telemetry.db');
  const db = new Database(database);
  db.exec(sharedSchema);
  db.close();
  return { database, runs: join(folder, 'runs'), now: Date.now() / 1000 };
}

/** What the demo leaves after two runs, their journals too. */
export async function demoHistory(folder: string): Promise<History> {
  const paths = cachePaths({ ORCHESTRATOR_CACHE_DIR: folder });
  await playStory({
    paths,
    runs: 2,
    seed: 7,
    name: 'demo',
    pace: 0,
    clock: () => Date.now() / 1000,
    signal: new AbortController().signal,
  });
  return { database: paths.database, runs: paths.runs, now: Date.now() / 1000 };
}

const tasksPerRun = 60;
const runCount = 60;
const days = 45;

type Shape = { models: number; types: number };
type Task = ReturnType<typeof taskOf>;
const modelName = (number: number): string => `maker-${number % 6}/model-${number}`;
const typeName = (number: number): string => `type-${String(number).padStart(2, '0')}`;

function taskOf(index: number, random: () => number, { models, types }: Shape) {
  // A few do most of the work.
  const model = Math.floor(random() ** 2 * models);
  const score = Math.min(1, 0.55 + model / (3 * models) + 0.2 * random());
  const costUsd = 0.0004 * (1 + model) * (0.5 + random());
  const iterations = random() < 0.2 ? 2 : 1;
  return { taskId: `t${index}`, model, type: typeName(index % types), score, costUsd, iterations };
}

/** Fifty models on thirty types of task, every call recorded, the last two runs without snapshots yet. */
export async function largeHistory(folder: string): Promise<History> {
  const database = join(folder, 'telemetry.db');
  const now = Date.now() / 1000;
  const random = seededRandom(11);
  let at = now;
  const store = openTelemetryStore({ path: database, now: () => at });
  for (let run = 0; run < runCount; run += 1) {
    const projectId = `p-${run}`;
    const startedAt = now - 60 - days * daySeconds * (1 - (run + 1) / runCount);
    at = startedAt;
    const record = (
      role: CallRole,
      model: number,
      costUsd: number,
      task?: Task,
      attempt?: number,
    ): void => {
      const isReview = role === 'critic' || role === 'judge';
      store.recordCall(projectId, {
        callId: `${role} ${task?.taskId ?? 'plan'} ${attempt ?? 0} ${model}`,
        ...(task === undefined
          ? {}
          : { taskId: task.taskId, taskType: task.type, attempt: attempt ?? 1 }),
        role,
        provider: `maker-${model % 6}`,
        model: modelName(model),
        ...(isReview && task !== undefined ? { subjectModel: modelName(task.model) } : {}),
        ...(role === 'judge' && task !== undefined
          ? { score: Math.min(1, Math.max(0, task.score + 0.02 * ((model % 3) - 1))) }
          : {}),
        costUsd,
        costEstimated: false,
        latencyMs: 900,
        outcome: 'ok',
        at,
      });
    };
    record('planner', 3, 0.01);
    const cells = new Map<string, { task: Task; calls: number; cost: number; score: number }>();
    for (let index = 0; index < tasksPerRun; index += 1) {
      const task = taskOf(run * tasksPerRun + index, random, { models: 50, types: 30 });
      at = startedAt + index;
      for (let attempt = 1; attempt <= task.iterations; attempt += 1) {
        record(attempt === 1 ? 'generator' : 'reviser', task.model, task.costUsd, task, attempt);
        record('judge', (task.model + 1 + (index % 3)) % 50, 0.0007, task, attempt);
        record('critic', (task.model + 2) % 50, 0.0005, task, attempt);
      }
      store.recordRoutingEvent(projectId, task.taskId, {
        taskType: task.type,
        model: modelName(task.model),
        score: task.score,
        costUsd: task.iterations * (task.costUsd + 0.0012),
        iterations: task.iterations,
        deterministicPassed: true,
      });
      const key = `${task.model} ${task.type}`;
      const cell = cells.get(key) ?? { task, calls: 0, cost: 0, score: 0 };
      cell.calls += task.iterations;
      cell.cost += task.iterations * task.costUsd;
      cell.score += task.iterations * task.score;
      cells.set(key, cell);
    }
    if (run < runCount - 2) {
      for (const { task, calls, cost, score } of cells.values()) {
        store.recordSnapshot(projectId, modelName(task.model), task.type, {
          ...profile,
          qualityScore: score / calls,
          avgCostUsd: cost / calls,
          callCount: calls,
        });
      }
    }
    await store.flush();
  }
  await store.close();
  return { database, runs: join(folder, 'runs'), now };
}

const profile = {
  trustFactor: 1,
  avgLatencyMs: 900,
  latencyP95Ms: 2000,
  successRate: 1,
  failureCount: 0,
  validatorFailCount: 0,
};

/** What an older program wrote: tasks and snapshots, and nothing of single calls. */
export function oldHistory(folder: string): History {
  const database = join(folder, 'telemetry.db');
  const now = Date.now() / 1000;
  const random = seededRandom(5);
  const db = new Database(database);
  db.exec(sharedSchema);
  const event = db.prepare(
    `INSERT INTO routing_events (project_id, task_id, task_type, model_chosen, reviewer, score,
       cost_usd, iterations, det_passed, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
  );
  const snapshot = db.prepare(
    `INSERT INTO model_snapshots (project_id, model, task_type, quality_score, trust_factor,
       avg_latency_ms, latency_p95_ms, success_rate, avg_cost_usd, call_count, failure_count,
       validator_fail_count, recorded_at) VALUES (?, ?, ?, ?, 1, 900, 2000, 1, ?, ?, 0, 0, ?)`,
  );
  db.transaction(() => {
    for (let index = 0; index < 1500; index += 1) {
      const task = taskOf(index, random, { models: 6, types: 5 });
      const run = `old-${Math.floor(index / 50)}`;
      const at = now - 60 - days * daySeconds * (1 - index / 1500);
      const model = modelName(task.model);
      const { score, costUsd, iterations } = task;
      event.run(run, task.taskId, task.type, model, modelName(0), score, costUsd, iterations, at);
      // The last run is still in progress.
      if (index < 1450) snapshot.run(run, model, task.type, score, costUsd / 2, iterations, at);
    }
  })();
  db.close();
  return { database, runs: join(folder, 'runs'), now };
}
