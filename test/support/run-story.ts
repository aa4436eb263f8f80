import type { EventPayload, RunEvent } from '../../source/domain/run-event.ts';
import type { RoutingDecision } from '../../source/domain/routing-decision.ts';
import { someNow } from './insight.ts';

const plan = [
  { id: 'algorithm', type: 'complex_reasoning', dependsOn: [] },
  { id: 'limiter', type: 'code_generation', dependsOn: ['algorithm'], validators: ['typescript'] },
  {
    id: 'tests',
    type: 'code_generation',
    dependsOn: ['limiter'],
    validators: [{ kind: 'length', min: 40 }],
  },
  { id: 'figures', type: 'data_extraction', dependsOn: [] },
  { id: 'guide', type: 'creative_writing', dependsOn: ['limiter', 'figures'] },
  { id: 'review', type: 'code_review', dependsOn: ['limiter', 'tests'] },
];

const decision = (taskType: string, chosen: string, reason: string): RoutingDecision => ({
  taskType,
  strategy: 'greedy',
  qualityTolerance: 0.05,
  chosen,
  greedyChoice: chosen,
  exploration: false,
  reason,
  candidates: ['claude-sonnet', chosen].map((model, index) => ({
    model,
    provider: 'local',
    default: { qualityScore: 0.8, avgCostUsd: 0.002, source: 'constants' },
    historyWeight: 0,
    runCalls: 0,
    profile: {
      qualityScore: 0.94,
      trustFactor: 1,
      avgLatencyMs: 1900,
      latencyP95Ms: 4200,
      successRate: 1,
      avgCostUsd: 0.01,
      callCount: 0,
      failureCount: 0,
      validatorFailCount: 0,
    },
    rank: index + 1,
    reason: 'best quality, but more expensive',
  })),
});

/**
 * A run with a bit of everything: a task that was accepted, one that needed two attempts, one at work on
 * its second, one that failed, one that needs it and is skipped, and one that waits.
 */
export function runStory(projectId = 'p-5c21'): RunEvent[] {
  const events: RunEvent[] = [];
  let at = someNow - 52;
  let calls = 0;
  const say = (seconds: number, payload: EventPayload) => {
    at += seconds;
    events.push({ ...payload, projectId, at });
  };
  const start = (taskId: string, taskType: string, model: string, reason: string) => {
    say(1, { type: 'task-started', taskId, taskType });
    say(0, { type: 'task-routed', taskId, decision: decision(taskType, model, reason) });
    say(0, { type: 'phase-started', taskId, phase: 'generate', model, iteration: 1 });
  };
  const attempt = (
    taskId: string,
    taskType: string,
    model: string,
    outcome: { iteration?: number; score?: number; error?: string; checks?: boolean },
  ) => {
    const { iteration = 1, score, error, checks = true } = outcome;
    const costUsd = 0.0042;
    const call = {
      taskId,
      model,
      costUsd,
      latencyMs: 1900,
      estimated: false,
      outcome: 'ok',
      attempt: iteration,
      usage: {
        inputTokens: 1240,
        cachedInputTokens: 1024,
        outputTokens: 512,
        reasoningTokens: 120,
      },
    } as const;
    calls += 1;
    const name = {
      callId: String(calls),
      provider: 'local',
      step: `${taskId}/generate/${iteration}/1`,
    };
    say(5, { type: 'call-finished', role: 'generator', ...name, ...call });
    say(1, {
      type: 'attempt-finished',
      taskId,
      taskType,
      model,
      iteration,
      costUsd,
      latencyMs: 1900,
      failed: error !== undefined,
      policyViolation: false,
      validatorsPassed: checks && error === undefined,
      ...(score === undefined ? {} : { score, reviewer: 'claude-sonnet' }),
      ...(error === undefined ? {} : { error }),
    });
  };
  const finish = (
    taskId: string,
    taskType: string,
    model: string,
    outcome: { status: 'accepted' | 'failed'; score: number; iterations: number; error?: string },
  ) => {
    const { status, error, ...rest } = outcome;
    say(1, {
      type: 'task-finished',
      status,
      result: {
        taskId,
        taskType,
        model,
        costUsd: 0.0042 * outcome.iterations,
        deterministicPassed: true,
        ...rest,
      },
      ...(error === undefined ? {} : { error }),
    });
  };
  say(0, {
    type: 'run-started',
    project: 'A rate limiter for an HTTP API',
    criteria: 'It limits rates',
    budgetUsd: 2,
    timeLimitSeconds: 900,
    concurrency: 3,
    simulated: true,
    resumed: false,
    pid: 4242,
  });
  say(0, {
    type: 'run-estimated',
    lowUsd: 0.01,
    expectedUsd: 0.03,
    highUsd: 0.08,
    basis: '40 past tasks',
  });
  say(1, {
    type: 'run-planned',
    tasks: plan.map(({ validators = [], ...task }) => ({
      ...task,
      prompt: `Do what ${task.id} asks for.\nWeigh accuracy, memory and cost, and say why.`,
      validators,
    })),
  });
  const cheapest = 'deepseek is the cheapest within 0.05 of the best quality, 0.94.';
  start('algorithm', 'complex_reasoning', 'deepseek-reasoner', cheapest);
  attempt('algorithm', 'complex_reasoning', 'deepseek-reasoner', { score: 0.92 });
  finish('algorithm', 'complex_reasoning', 'deepseek-reasoner', {
    status: 'accepted',
    score: 0.92,
    iterations: 1,
  });
  start('figures', 'data_extraction', 'gpt-4o', 'gpt-4o for data_extract: the best quality.');
  attempt('figures', 'data_extraction', 'gpt-4o', { error: 'the model refused' });
  say(0, { type: 'notice', taskId: 'figures', message: 'gpt-4o failed: the model refused' });
  finish('figures', 'data_extraction', 'gpt-4o', {
    status: 'failed',
    score: 0,
    iterations: 1,
    error: 'no model is left to try (the model refused)',
  });
  start('limiter', 'code_generation', 'deepseek-chat', cheapest);
  attempt('limiter', 'code_generation', 'deepseek-chat', { score: 0.71, checks: false });
  const revise = { type: 'phase-started', phase: 'revise', iteration: 2 } as const;
  say(1, { ...revise, taskId: 'limiter', model: 'deepseek-chat' });
  attempt('limiter', 'code_generation', 'deepseek-chat', { iteration: 2, score: 0.93 });
  finish('limiter', 'code_generation', 'deepseek-chat', {
    status: 'accepted',
    score: 0.93,
    iterations: 2,
  });
  start('tests', 'code_generation', 'deepseek-chat', cheapest);
  attempt('tests', 'code_generation', 'deepseek-chat', { score: 0.78 });
  say(1, { ...revise, taskId: 'tests', model: 'deepseek-chat' });
  say(8, {
    type: 'phase-started',
    taskId: 'tests',
    phase: 'judge',
    model: 'claude-sonnet',
    iteration: 2,
  });
  say(1, { type: 'notice', message: 'claude-sonnet was rate limited; waited 2 s as it asked.' });
  return events;
}

/** The task at work is accepted, and the run goes on with the next. */
export function storyGoesOn(events: readonly RunEvent[]): RunEvent[] {
  const last = events.at(-1);
  if (last === undefined) return [];
  const said = { projectId: last.projectId, at: last.at + 1 };
  const result = {
    taskId: 'tests',
    taskType: 'code_generation',
    model: 'deepseek-chat',
    score: 0.9,
    costUsd: 0.0102,
    iterations: 2,
    deterministicPassed: true,
  };
  return [
    ...events,
    {
      ...said,
      type: 'attempt-finished',
      taskId: 'tests',
      taskType: 'code_generation',
      model: 'deepseek-chat',
      iteration: 2,
      score: 0.9,
      costUsd: 0.0042,
      latencyMs: 2400,
      failed: false,
      policyViolation: false,
      validatorsPassed: true,
      reviewer: 'claude-sonnet',
    },
    { ...said, type: 'task-finished', status: 'accepted', result },
    { ...said, type: 'task-started', taskId: 'review', taskType: 'code_review' },
    {
      ...said,
      type: 'phase-started',
      taskId: 'review',
      phase: 'generate',
      model: 'claude-sonnet',
      iteration: 1,
    },
  ];
}

/** The run was stopped before its last tasks. */
export function storyEnds(events: readonly RunEvent[]): RunEvent[] {
  const last = events.at(-1);
  if (last === undefined) return [];
  return [
    ...events,
    {
      type: 'run-finished',
      projectId: last.projectId,
      at: last.at + 1,
      status: 'partial',
      spentUsd: 0.021,
      results: [],
      spentByPhase: { decomposition: 0, generation: 0.021, review: 0, evaluation: 0 },
      spentByModel: {},
      message: '1 of 6 tasks failed, and 1 needs it.',
      resumable: true,
    },
  ];
}
