import { utimesSync } from 'node:fs';
import { averageOf, modelsOf } from '../../domain/run-digest.ts';
import { phaseOfRole, type EventPayload, type MoneyPhase } from '../../domain/run-event.ts';
import type { ModelCall } from '../../domain/model-call.ts';
import { journalPath } from '../../engine/index.ts';
import { replaceOwnFile } from '../../files/own-file.ts';
import type { PastRun } from '../../providers/index.ts';
import { demoProjects } from './projects.ts';

/** What a run of the story's past was given. */
const budgetUsd = 5;
/** From which score on its tasks were accepted. */
const acceptedFrom = 0.85;
const secondsPerTask = 20;

/** When a task of a run of the past was over. */
export const pastTaskAt = (startedAt: number, index: number): number =>
  startedAt + index * secondsPerTask;

/** Writes the journal that a run of the story's past would have left, without what was written in it. */
export function writePastJournal(
  directory: string,
  projectId: string,
  { number, tasks }: PastRun,
  startedAt: number,
): void {
  const beganAt = startedAt - secondsPerTask;
  const endedAt = pastTaskAt(startedAt, tasks.length);
  const lines: string[] = [];
  const say = (at: number, event: EventPayload): void => {
    // As the engine orders them: who lists runs reads the end of a journal only.
    lines.push(JSON.stringify({ ...event, projectId, at }));
  };
  const { project, criteria } = demoProjects[number % demoProjects.length] ?? demoProjects[0];
  say(beganAt, {
    type: 'run-started',
    project,
    criteria,
    budgetUsd,
    timeLimitSeconds: 3600,
    concurrency: 1,
    simulated: true,
    resumed: false,
    pid: 0,
  });
  say(beganAt, {
    type: 'run-planned',
    tasks: tasks.map(({ result: { taskId, taskType } }) => ({
      id: taskId,
      type: taskType,
      prompt: 'What was asked before the demo began is not kept.',
      dependsOn: [],
      validators: [],
    })),
  });
  for (const [index, task] of tasks.entries()) sayTask(say, task, pastTaskAt(startedAt, index));
  const results = tasks.map(({ result }) => result);
  const calls = tasks.flatMap((task) => task.calls);
  const spentUsd = sum(calls);
  const areAccepted = results.every(isAccepted);
  say(endedAt, {
    type: 'run-finished',
    digest: {
      project,
      startedAt: beganAt,
      tasks: tasks.length,
      averageQuality: averageOf(results),
      spentUsd,
      budgetUsd,
      models: modelsOf(results),
    },
    status: areAccepted ? 'success' : 'partial',
    spentUsd,
    results,
    spentByPhase: phasesOf(calls),
    spentByModel: Object.fromEntries(
      [...Map.groupBy(calls, ({ model }) => model)].map(([model, own]) => [model, sum(own)]),
    ),
    resumable: false,
  });
  const path = journalPath(directory, projectId);
  replaceOwnFile(path, `${lines.join('\n')}\n`);
  utimesSync(path, endedAt, endedAt);
}

type Say = (at: number, event: EventPayload) => void;

const isAccepted = ({ score, deterministicPassed }: PastRun['tasks'][number]['result']): boolean =>
  (score ?? 0) >= acceptedFrom && deterministicPassed;

function sayTask(say: Say, { result, calls }: PastRun['tasks'][number], at: number): void {
  const { taskId, taskType, model, reviewer } = result;
  say(at - secondsPerTask / 2, { type: 'task-started', taskId, taskType });
  for (const [index, call] of calls.entries()) {
    const { role, provider, costUsd, latencyMs, attempt = 1 } = call;
    const { inputTokens = 0, outputTokens = 0 } = call;
    say(at, {
      type: 'call-finished',
      callId: call.callId,
      role,
      provider,
      model: call.model,
      step: `${taskId} ${index}`,
      taskId,
      taskType,
      attempt,
      costUsd,
      estimated: false,
      latencyMs,
      outcome: 'ok',
      usage: { inputTokens, cachedInputTokens: 0, outputTokens },
      ...(call.score === undefined ? {} : { score: call.score }),
      ...(call.subjectModel === undefined ? {} : { subjectModel: call.subjectModel }),
    });
  }
  for (const [attempt, own] of Map.groupBy(calls, (call) => call.attempt ?? 1)) {
    const scores = own.flatMap((call) => (call.role === 'judge' ? (call.score ?? []) : []));
    const [answer] = own;
    say(at, {
      type: 'attempt-finished',
      taskId,
      taskType,
      model,
      iteration: attempt,
      ...(scores.length === 0
        ? {}
        : { score: scores.reduce((all, one) => all + one, 0) / scores.length }),
      costUsd: answer?.costUsd ?? 0,
      latencyMs: answer?.latencyMs ?? 0,
      failed: false,
      policyViolation: false,
      validatorsPassed: attempt < result.iterations || result.deterministicPassed,
      ...(reviewer === undefined ? {} : { reviewer }),
    });
  }
  say(at, {
    type: 'task-finished',
    result,
    status: isAccepted(result) ? 'accepted' : 'best-effort',
  });
}

const sum = (calls: readonly ModelCall[]): number =>
  calls.reduce((all, { costUsd }) => all + costUsd, 0);

function phasesOf(calls: readonly ModelCall[]): Record<MoneyPhase, number> {
  const phases = { decomposition: 0, generation: 0, review: 0, evaluation: 0 };
  for (const { role, costUsd } of calls) phases[phaseOfRole[role]] += costUsd;
  return phases;
}
