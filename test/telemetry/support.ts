import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ModelCall } from '../../source/domain/model-call.ts';
import type { ModelProfile } from '../../source/domain/profile.ts';
import type { TaskResult } from '../../source/domain/task-result.ts';
import type { Batch } from '../../source/telemetry/database/columns.ts';

/** A directory that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'orchestrator-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function result(changes: Partial<TaskResult> = {}): TaskResult {
  return {
    taskType: 'code_generation',
    model: 'deepseek-chat',
    reviewer: 'claude-sonnet',
    score: 0.9,
    costUsd: 0.002,
    iterations: 2,
    deterministicPassed: true,
    ...changes,
  };
}

export function profile(changes: Partial<ModelProfile> = {}): ModelProfile {
  return {
    qualityScore: 0.8,
    trustFactor: 1,
    avgLatencyMs: 900,
    latencyP95Ms: 2000,
    successRate: 1,
    avgCostUsd: 0.001,
    callCount: 10,
    failureCount: 0,
    validatorFailCount: 0,
    ...changes,
  };
}

export function call(changes: Partial<ModelCall> = {}): ModelCall {
  return {
    callId: 'c1',
    role: 'generator',
    provider: 'openai',
    model: 'gpt',
    costUsd: 0.01,
    costEstimated: false,
    latencyMs: 1200,
    outcome: 'ok',
    ...changes,
  };
}

/** A batch of one event per task. */
export function batchOf(writer: string, number: number, taskIds: readonly string[]): Batch {
  return {
    writer,
    number,
    events: taskIds.map((taskId) => ['p', taskId, 'evaluation', 'm', null, 0.5, 0.01, 1, 1, 1000]),
    snapshots: [],
    calls: [],
    outcomes: [],
    tags: [],
  };
}

/** The tasks in a database, in the order of their ids. */
export function taskIdsIn(path: string): string[] {
  const database = new Database(path, { readonly: true });
  try {
    return database
      .prepare<[], string>('SELECT task_id FROM routing_events ORDER BY id')
      .pluck()
      .all();
  } finally {
    database.close();
  }
}
