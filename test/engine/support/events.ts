import type { RunEvent } from '../../../source/domain/run-event.ts';

const envelope = (at: number) => ({ projectId: 'p-1', at });

export const started = (at = 1): RunEvent => ({
  ...envelope(at),
  type: 'run-started',
  project: 'Test',
  criteria: 'Good',
  budgetUsd: 8,
  timeLimitSeconds: 60,
  concurrency: 3,
  simulated: false,
  resumed: false,
  pid: 1,
});

export const planned = (ids: readonly string[], at = 1): RunEvent => ({
  ...envelope(at),
  type: 'run-planned',
  tasks: ids.map((id) => ({
    id,
    type: 'summarization',
    prompt: `Do ${id}`,
    dependsOn: [],
    validators: [],
  })),
});

export const taskFinished = (
  taskId: string,
  options: { output?: string; type?: string; at?: number } = {},
): RunEvent => ({
  ...envelope(options.at ?? 2),
  type: 'task-finished',
  status: 'accepted',
  output: options.output ?? `Output of ${taskId}`,
  result: {
    taskId,
    taskType: options.type ?? 'summarization',
    model: 'alpha',
    score: 0.9,
    costUsd: 0.01,
    iterations: 1,
    deterministicPassed: true,
  },
});

export const notice = (message: string, at = 2): RunEvent => ({
  ...envelope(at),
  type: 'notice',
  message,
});

export const runFinished = (at = 3): RunEvent => ({
  ...envelope(at),
  type: 'run-finished',
  status: 'success',
  spentUsd: 0.01,
  results: [
    {
      taskId: 'a',
      taskType: 'summarization',
      model: 'alpha',
      score: 0.9,
      costUsd: 0.01,
      iterations: 1,
      deterministicPassed: true,
    },
  ],
  spentByPhase: { decomposition: 0, generation: 0.01, review: 0, evaluation: 0 },
  spentByModel: { alpha: 0.01 },
  resumable: false,
});

const call = (callId: string) =>
  ({
    ...envelope(2),
    callId,
    role: 'generator',
    provider: 'first',
    model: 'alpha',
    step: `a/generate/${callId}/1`,
  }) as const;

export const callStarted = (callId: string): RunEvent => ({
  ...call(callId),
  type: 'call-started',
  reservedUsd: 0.01,
});

export const callFinished = (callId: string, more: { taskId?: string } = {}): RunEvent => ({
  ...call(callId),
  ...more,
  type: 'call-finished',
  costUsd: 0.001,
  estimated: false,
  latencyMs: 10,
  outcome: 'ok',
  answer: { text: 'An answer', finishReason: 'stop' },
});
