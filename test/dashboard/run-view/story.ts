import type { RunEvent } from '../../../source/domain/run-event.ts';
import { applyRunEvent, emptyRunState, type RunState } from '../../../source/domain/run-state.ts';

const said = { projectId: 'p-7f3a', at: 1000 };

/** A run as its events tell it, up to the middle of its work. */
export const middleOfRun: RunEvent[] = [
  {
    ...said,
    type: 'run-started',
    project: 'Build a rate limiter',
    criteria: 'Tested',
    budgetUsd: 8,
    timeLimitSeconds: 5400,
    concurrency: 3,
    simulated: true,
    resumed: false,
    pid: 1,
  },
  {
    ...said,
    type: 'run-estimated',
    lowUsd: 0.2,
    expectedUsd: 0.5,
    highUsd: 1.2,
    basis: '40 past tasks',
  },
  {
    ...said,
    type: 'run-planned',
    tasks: [
      { id: 'design', type: 'complex_reasoning', prompt: 'x', dependsOn: [], validators: [] },
      { id: 'code', type: 'code_generation', prompt: 'x', dependsOn: ['design'], validators: [] },
      { id: 'docs', type: 'summarization', prompt: 'x', dependsOn: ['design'], validators: [] },
      { id: 'review', type: 'code_review', prompt: 'x', dependsOn: ['code'], validators: [] },
    ],
  },
  { ...said, type: 'task-started', taskId: 'design', taskType: 'complex_reasoning' },
  {
    ...said,
    type: 'task-routed',
    taskId: 'design',
    decision: {
      taskType: 'complex_reasoning',
      strategy: 'greedy',
      qualityTolerance: 0.05,
      chosen: 'deepseek-reasoner',
      exploration: false,
      reason: 'it is the cheapest within 0.05 of the best',
      candidates: [],
    },
  },
  {
    ...said,
    type: 'call-finished',
    taskId: 'design',
    callId: '1',
    role: 'generator',
    provider: 'deepseek',
    step: 'design/generate/1/1',
    model: 'deepseek-reasoner',
    costUsd: 0.0041,
    latencyMs: 1900,
    estimated: false,
    outcome: 'ok',
  },
  {
    ...said,
    type: 'attempt-finished',
    taskId: 'design',
    taskType: 'complex_reasoning',
    model: 'deepseek-reasoner',
    iteration: 1,
    score: 0.92,
    costUsd: 0.0041,
    latencyMs: 1900,
    failed: false,
    policyViolation: false,
    validatorsPassed: true,
  },
  {
    ...said,
    at: 1060,
    type: 'task-finished',
    status: 'accepted',
    output: 'the design',
    result: {
      taskId: 'design',
      taskType: 'complex_reasoning',
      model: 'deepseek-reasoner',
      score: 0.92,
      costUsd: 0.0041,
      iterations: 1,
      deterministicPassed: true,
    },
  },
  { ...said, type: 'task-started', taskId: 'code', taskType: 'code_generation' },
  {
    ...said,
    at: 1080,
    type: 'phase-started',
    taskId: 'code',
    phase: 'revise',
    model: 'a-model-with-quite-a-long-name-2026-11',
    iteration: 2,
  },
  {
    ...said,
    type: 'notice',
    taskId: 'code',
    message: 'gemini-flash is busy, next is deepseek-chat',
  },
];

export const endOfRun: RunEvent[] = [
  ...middleOfRun,
  {
    ...said,
    at: 1190,
    type: 'run-finished',
    status: 'partial',
    spentUsd: 0.0041,
    results: [],
    spentByPhase: { decomposition: 0, generation: 0.0041, review: 0, evaluation: 0 },
    spentByModel: { 'deepseek-reasoner': 0.0041 },
    message: 'Stopped on request.',
    resumable: true,
  },
];

export function stateOf(events: readonly RunEvent[]): RunState {
  const state = emptyRunState('p-7f3a');
  for (const event of events) applyRunEvent(state, event);
  return state;
}
