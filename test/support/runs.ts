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
