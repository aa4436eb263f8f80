import { digestOf, type RunOverview, type RunReport } from '../../source/domain/run-report.ts';
import type { EventPayload, RunEvent } from '../../source/domain/run-event.ts';
import { applyRunEvent, emptyRunState, type RunState } from '../../source/domain/run-state.ts';
import { someNow } from './insight.ts';

/** The events of a run in the middle of its work. */
export function runEvents(projectId = 'p-7f3a', project = 'Build a rate limiter'): RunEvent[] {
  const events: RunEvent[] = [];
  let at = someNow - 190;
  const say = (payload: EventPayload) => {
    at += 5;
    events.push({ ...payload, projectId, at });
  };
  say({
    type: 'run-started',
    project,
    criteria: 'It limits rates',
    budgetUsd: 8,
    timeLimitSeconds: 5400,
    concurrency: 3,
    simulated: false,
    resumed: false,
    pid: 4242,
  });
  const types = ['code_generation', 'code_review', 'complex_reasoning', 'summarization'];
  const models = ['deepseek-chat', 'claude-sonnet', 'deepseek-reasoner'];
  const ids = Array.from({ length: 14 }, (_, index) => `t${String(index + 1).padStart(2, '0')}`);
  const typeAt = (index: number) => types[index % types.length] ?? 'evaluation';
  const modelAt = (index: number) => models[index % models.length] ?? 'gpt-4o';
  say({
    type: 'run-planned',
    tasks: ids.map((id, index) => ({
      id,
      type: typeAt(index),
      prompt: 'Do it',
      dependsOn: [],
      validators: [],
    })),
  });
  for (const [index, taskId] of ids.slice(0, 12).entries()) {
    const model = modelAt(index);
    say({ type: 'task-started', taskId, taskType: typeAt(index) });
    say({ type: 'phase-started', taskId, phase: 'generate', model, iteration: 1 });
    say({
      type: 'call-finished',
      taskId,
      callId: String(index + 1),
      role: 'generator',
      provider: 'local',
      step: `${taskId}/generate/1/1`,
      model,
      costUsd: 0.12,
      latencyMs: 1800,
      estimated: false,
      outcome: 'ok',
    });
    if (index < 9) {
      say({
        type: 'task-finished',
        status: index === 4 ? 'best-effort' : index === 7 ? 'failed' : 'accepted',
        result: {
          taskId,
          taskType: typeAt(index),
          model,
          reviewer: 'gpt-4o',
          score: index === 7 ? 0 : 0.92 - index * 0.01,
          costUsd: 0.12,
          iterations: 1 + (index % 2),
          deterministicPassed: index !== 7,
        },
      });
    }
  }
  say({
    type: 'phase-started',
    taskId: 't10',
    phase: 'revise',
    model: 'deepseek-chat',
    iteration: 2,
  });
  say({ type: 'phase-started', taskId: 't11', phase: 'judge', model: 'gpt-4o', iteration: 1 });
  say({ type: 'notice', message: 'gpt-4o was rate limited; waited 2 s as it asked.' });
  return events;
}

export function runState(events: readonly RunEvent[]): RunState {
  const state = emptyRunState(events[0]?.projectId ?? '');
  for (const event of events) applyRunEvent(state, event);
  return state;
}

/** A run that is over, as a list shows it. */
export const pastRun = (projectId: string, given: Partial<RunOverview> = {}): RunOverview => ({
  projectId,
  project: `What ${projectId} was for`,
  startedAt: someNow - 90_000,
  status: 'success',
  tasks: 6,
  averageQuality: 0.94,
  spentUsd: 0.21,
  budgetUsd: 2,
  models: ['deepseek-chat', 'gpt-4o'],
  ...given,
});

/** What models wrote in a run: every task with one attempt that failed its check and one that was accepted. */
export function runReport(run: RunState): RunReport {
  const { projectId, project, criteria, simulated } = run;
  return {
    overview: { ...digestOf(run), projectId, status: run.finished?.status ?? 'interrupted' },
    project,
    criteria,
    simulated,
    resumable: false,
    journal: `/runs/${projectId}/events.jsonl`,
    resultsFolder: `/runs/${projectId}`,
    tasks: [...run.tasks.values()].map(({ id, type, status, costUsd }) => ({
      taskId: id,
      taskType: type,
      status,
      model: 'deepseek-chat',
      reviewer: 'gpt-4o',
      score: 0.93,
      costUsd,
      inputTokens: 900,
      outputTokens: 400,
      attempts: [
        {
          attempt: 1,
          model: 'deepseek-chat',
          score: 0.71,
          costUsd: 0.004,
          latencyMs: 1900,
          failed: false,
          failedChecks: ['line 3: Expected a semicolon'],
          answer: `First words of ${id}.\n\n  function limit() {\n    return 1\n  }`,
          critiques: [{ model: 'gpt-4o', text: 'It never resets the window.' }],
          judgements: [{ model: 'claude-sonnet', text: '{"score": 0.71}', score: 0.71 }],
          followedBecause: 'It did not pass its checks: line 3: Expected a semicolon.',
        },
        {
          attempt: 2,
          model: 'deepseek-chat',
          score: 0.93,
          costUsd: 0.004,
          latencyMs: 1900,
          failed: false,
          failedChecks: [],
          answer: Array.from({ length: 80 }, (_, line) => `line ${line + 1} of the answer`).join(
            '\n',
          ),
          critiques: [],
          judgements: [{ model: 'claude-sonnet', text: '{"score": 0.93}', score: 0.93 }],
        },
      ],
      file: `/runs/${projectId}/task-${id}.result.md`,
    })),
  };
}
