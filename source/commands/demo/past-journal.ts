import { setImmediate as turn } from 'node:timers/promises';
import { utimesSync } from 'node:fs';
import { defined } from '../../domain/defined.ts';
import { averageOf, modelsOf } from '../../domain/run-digest.ts';
import { phaseOfRole, type EventPayload, type MoneyPhase } from '../../domain/run-event.ts';
import type { ModelCall } from '../../domain/model-call.ts';
import { standardOf } from '../../domain/task-standard.ts';
import { journalPath } from '../../engine/index.ts';
import { validate, validatorsOf } from '../../engine/validators/index.ts';
import { replaceOwnFile } from '../../files/own-file.ts';
import { callsOf, type PastRun, type PastTask, type Simulator } from '../../providers/index.ts';
import { demoProjects } from './projects.ts';

/** What a run of the story's past was given. */
const budgetUsd = 5;

/** When a run of the past and its tasks began and ended: one call after the other, each as long as it took. */
export type PastTimes = {
  tasks: { startedAt: number; endedAt: number; callsEndedAt: ReadonlyMap<string, number> }[];
  endedAt: number;
};

export function pastTimes({ tasks }: PastRun, startedAt: number): PastTimes {
  let at = startedAt;
  const timed = tasks.map((task) => {
    const began = at;
    const callsEndedAt = new Map<string, number>();
    for (const { callId, latencyMs } of callsOf(task)) {
      at += latencyMs / 1000;
      callsEndedAt.set(callId, at);
    }
    return { startedAt: began, endedAt: at, callsEndedAt };
  });
  return { tasks: timed, endedAt: at };
}

/** Writes the journal that a run of the story's past would have left, with all that was written in it. */
export async function writePastJournal(
  directory: string,
  projectId: string,
  run: PastRun,
  { startedAt, simulator }: { startedAt: number; simulator: Pick<Simulator, 'pastTexts'> },
): Promise<void> {
  const { number, tasks } = run;
  const times = pastTimes(run, startedAt);
  const { endedAt } = times;
  const lines: string[] = [];
  const say: Say = (at, event) => {
    // As the engine orders them: who lists runs reads the end of a journal only.
    lines.push(JSON.stringify({ ...event, projectId, at }));
  };
  const { project, criteria } = demoProjects[number % demoProjects.length] ?? demoProjects[0];
  say(startedAt, {
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
  say(startedAt, { type: 'run-planned', tasks: tasks.map(({ spec }) => spec) });
  for (const [index, task] of tasks.entries()) {
    const time = times.tasks[index];
    if (time === undefined) continue;
    const texts = task.attempts.map((_, attempt) => simulator.pastTexts(number, task, attempt));
    await sayTask(say, task, { ...time, texts });
    // The screen is drawn in between.
    if (index % tasksAtOnce === 0) await turn();
  }
  const results = tasks.map(({ result }) => result);
  const calls = tasks.flatMap(callsOf);
  const spentUsd = sum(calls);
  say(endedAt, {
    type: 'run-finished',
    digest: {
      project,
      startedAt,
      tasks: tasks.length,
      averageQuality: averageOf(results),
      spentUsd,
      budgetUsd,
      models: modelsOf(results),
    },
    status: tasks.every(isAccepted) ? 'success' : 'partial',
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

/** Tasks whose texts are made up between two frames: a millisecond or two. */
const tasksAtOnce = 16;

type Say = (at: number, event: EventPayload) => void;

const isAccepted = ({ result: { taskType, score, deterministicPassed } }: PastTask): boolean =>
  (score ?? 0) >= standardOf(taskType).acceptAt && deterministicPassed;

async function sayTask(
  say: Say,
  task: PastTask,
  { startedAt, endedAt, callsEndedAt, texts }: PastTimes['tasks'][number] & { texts: string[][] },
): Promise<void> {
  const { spec, result, attempts } = task;
  const { taskId, taskType, model, reviewer } = result;
  say(startedAt, { type: 'task-started', taskId, taskType });
  for (const [index, { score, passed, calls }] of attempts.entries()) {
    const [answer = ''] = texts[index] ?? [];
    for (const [place, call] of calls.entries()) {
      const text = texts[index]?.[place] ?? '';
      say(callsEndedAt.get(call.callId) ?? endedAt, callEvent(call, `${taskId} ${index}`, text));
    }
    const problems = passed
      ? []
      : await validate(validatorsOf(spec), answer, { taskType, secrets: [] });
    const [own] = calls;
    say(callsEndedAt.get(calls.at(-1)?.callId ?? '') ?? endedAt, {
      type: 'attempt-finished',
      taskId,
      taskType,
      model,
      iteration: index + 1,
      score,
      costUsd: own?.costUsd ?? 0,
      latencyMs: own?.latencyMs ?? 0,
      failed: false,
      policyViolation: false,
      validatorsPassed: passed,
      ...(problems.length === 0 ? {} : { problems }),
      ...defined({ reviewer }),
    });
  }
  const best = attempts.findIndex(
    ({ score, passed }) => score === result.score && passed === result.deterministicPassed,
  );
  const [output = ''] = texts[best] ?? [];
  const status = isAccepted(task) ? 'accepted' : 'best-effort';
  say(endedAt, { type: 'task-finished', result, status, output });
}

function callEvent(call: ModelCall, step: string, text: string): EventPayload {
  const { role, provider, model, costUsd, latencyMs, taskId, taskType, attempt = 1 } = call;
  const { callId, score, subjectModel, inputTokens = 0, outputTokens = 0 } = call;
  return {
    type: 'call-finished',
    callId,
    role,
    provider,
    model,
    step: `${step} ${callId}`,
    attempt,
    costUsd,
    estimated: false,
    latencyMs,
    outcome: 'ok',
    usage: { inputTokens, cachedInputTokens: 0, outputTokens },
    answer: { text, finishReason: 'stop' },
    ...defined({ taskId, taskType, score, subjectModel }),
  };
}

const sum = (calls: readonly ModelCall[]): number =>
  calls.reduce((all, { costUsd }) => all + costUsd, 0);

function phasesOf(calls: readonly ModelCall[]): Record<MoneyPhase, number> {
  const phases = { decomposition: 0, generation: 0, review: 0, evaluation: 0 };
  for (const { role, costUsd } of calls) phases[phaseOfRole[role]] += costUsd;
  return phases;
}
