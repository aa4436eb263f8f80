import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ModelProfile } from '../../source/domain/profile.ts';
import type { TaskResult } from '../../source/domain/task-result.ts';

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
