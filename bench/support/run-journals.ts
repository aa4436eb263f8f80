import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes the journals of so many runs of three tasks, and of one of 400 tasks and 10 MB that is the newest, as runs
 * write them: every answer, critique and judgement, and a digest at the end.
 */
export function makeRuns(directory: string, count: number): void {
  const now = Date.now() / 1000;
  for (let run = 1; run < count; run += 1) {
    writeRun(directory, `p-${run.toString(16).padStart(4, '0')}`, 3, 3000, now - 3600 * run);
  }
  writeRun(directory, 'p-large', 400, 10 * 1024 * 1024, now - 600);
}

function writeRun(
  directory: string,
  projectId: string,
  tasks: number,
  bytes: number,
  startedAt: number,
): void {
  const lines: string[] = [];
  let at = startedAt;
  const say = (event: object): void => {
    at += 0.01;
    lines.push(JSON.stringify({ ...event, projectId, at }));
  };
  const ids = Array.from({ length: tasks }, (_, index) => `t${index + 1}`);
  const text = 'A sentence of an answer. '.repeat(Math.max(1, Math.floor(bytes / tasks / 4 / 25)));
  const project = `Project ${projectId}`;
  say({
    type: 'run-started',
    project,
    criteria: 'It works',
    budgetUsd: 8,
    timeLimitSeconds: 5400,
    concurrency: 3,
    simulated: false,
    resumed: false,
    pid: 1,
  });
  say({
    type: 'run-planned',
    tasks: ids.map((id) => ({
      id,
      type: 'code_generation',
      prompt: `Do ${id}`,
      dependsOn: [],
      validators: [],
    })),
  });
  const results = ids.map((taskId, index) => writeTask(say, taskId, text, index));
  const spentUsd = 0.03 * tasks;
  const models = ['provider-1/model-1'];
  const digest = {
    project,
    startedAt,
    tasks,
    averageQuality: 0.9,
    spentUsd,
    budgetUsd: 8,
    models,
  };
  say({
    type: 'run-finished',
    spentUsd,
    results,
    spentByPhase: { decomposition: 0, generation: spentUsd, review: 0, evaluation: 0 },
    spentByModel: {},
    resumable: false,
    digest,
    status: 'success',
  });
  const own = join(directory, projectId);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const path = join(own, 'events.jsonl');
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
  // Written when the run went on: 2,000 that were all written just now would be followed as if they ran.
  utimesSync(path, at, at);
}

const roles = [
  ['generator', 'generate'],
  ['critic', 'critique'],
  ['judge', 'judge'],
] as const;

function writeTask(say: (event: object) => void, taskId: string, text: string, index: number) {
  const taskType = 'code_generation';
  say({ type: 'task-started', taskId, taskType });
  for (const [number, [role, phase]] of roles.entries()) {
    const callId = String(3 * index + number + 1);
    const model = `provider-1/model-${number}`;
    const call = { taskId, taskType, callId, role, provider: 'provider-1', model, attempt: 1 };
    const step = `${taskId}/${phase}/1/1`;
    say({ type: 'phase-started', taskId, phase, model, iteration: 1 });
    say({ ...call, type: 'call-started', step, reservedUsd: 0.1 });
    say({
      ...call,
      type: 'call-finished',
      step,
      costUsd: 0.01,
      estimated: false,
      latencyMs: 900,
      outcome: 'ok',
      usage: { inputTokens: 900, cachedInputTokens: 0, outputTokens: 400 },
      answer: { text, finishReason: 'stop' },
    });
  }
  const model = 'provider-1/model-0';
  const score = 0.9;
  say({
    type: 'attempt-finished',
    taskId,
    taskType,
    model,
    iteration: 1,
    score,
    costUsd: 0.01,
    latencyMs: 900,
    failed: false,
    validatorsPassed: true,
    policyViolation: false,
  });
  const result = {
    taskId,
    taskType,
    model,
    reviewer: 'provider-1/model-1',
    score,
    costUsd: 0.03,
    iterations: 1,
    deterministicPassed: true,
  };
  say({ type: 'task-finished', status: 'accepted', result, output: text });
  return result;
}
