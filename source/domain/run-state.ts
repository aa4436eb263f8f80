import { defined } from './defined.ts';
import { limits } from './limits.ts';
import { toUsd } from './nano-dollars.ts';
import { addUsage } from './role-usage.ts';
import type { RunEvent, RunEventOf, RunStatus, TaskSpec } from './run-event.ts';
import { emptyMoney, spend, type RunMoney } from './run-money.ts';
import type { NamedTaskResult } from './task-result.ts';
import { applyTaskEvent, leavePhase, newTask, type TaskState } from './task-state.ts';
import type { TaskType } from './task-type.ts';

export type { AttemptState, TaskState } from './task-state.ts';

/** The fold of the events of a run so far. */
export type RunState = {
  projectId: string;
  /** Of a run on another machine, of which no texts are known here. */
  elsewhere?: RunElsewhere;
  project: string;
  criteria: string;
  startedAt: number;
  /** The start of the part that runs now, or ran last: a resumed run has several. */
  partStartedAt: number;
  /** Seconds between its parts, in which nobody worked on it. */
  idleSeconds: number;
  lastEventAt: number;
  budgetUsd: number;
  timeLimitSeconds: number;
  concurrency: number;
  simulated: boolean;
  pid: number;
  plan: TaskSpec[];
  /** In the order of the plan. */
  tasks: Map<string, TaskState>;
  results: NamedTaskResult[];
  outputs: Map<string, string>;
  money: RunMoney;
  /** All of it in dollars, for screens. */
  spentUsd: number;
  /** Calls that were sent and are not over. */
  openCalls: Map<string, RunEventOf<'call-started'>>;
  /** Calls that are over: one that is in a journal twice counts once. */
  endedCalls: Set<string>;
  /** The highest number of a call so far; 0 where there is none. */
  lastCallId: number;
  estimate?: { lowUsd: number; expectedUsd: number; highUsd: number; basis: string };
  /** The newest last. */
  notices: { at: number; taskId?: string; message: string }[];
  /** `ended`: how is known only where it ran. */
  finished?: { at: number; status: RunStatus | 'ended'; message?: string; resumable: boolean };
};

export type RunElsewhere = {
  /** Undefined where only what it recorded is known. */
  machine?: string;
  /** It is in the history that is shown, and only no journal of it is kept on this machine. */
  hasNoJournal?: true;
  /** All of its tasks, and those that are done: more than are listed where the plan is very long. */
  taskCount: number;
  doneCount: number;
};

export function emptyRunState(projectId: string): RunState {
  return {
    projectId,
    project: '',
    criteria: '',
    startedAt: 0,
    partStartedAt: 0,
    idleSeconds: 0,
    lastEventAt: 0,
    budgetUsd: 0,
    timeLimitSeconds: 0,
    concurrency: 1,
    simulated: false,
    pid: 0,
    plan: [],
    tasks: new Map(),
    results: [],
    outputs: new Map(),
    money: emptyMoney(),
    spentUsd: 0,
    openCalls: new Map(),
    endedCalls: new Set(),
    lastCallId: 0,
    notices: [],
  };
}

/**
 * Takes one event into the state, in place: a run of thousands of tasks is folded often. Money is
 * counted from `call-finished` alone, so that nothing is counted twice.
 */
export function applyRunEvent(state: RunState, event: RunEvent): void {
  const before = state.lastEventAt;
  state.lastEventAt = event.at;
  switch (event.type) {
    case 'run-started': {
      state.project = event.project;
      state.criteria = event.criteria;
      state.budgetUsd = event.budgetUsd;
      state.timeLimitSeconds = event.timeLimitSeconds;
      state.concurrency = event.concurrency;
      state.simulated = event.simulated;
      state.pid = event.pid;
      if (state.startedAt === 0) state.startedAt = event.at;
      else state.idleSeconds += Math.max(0, event.at - before);
      state.partStartedAt = event.at;
      // What was running when an earlier part was interrupted is not running any more.
      setAside(state);
      delete state.finished;
      return;
    }
    case 'run-estimated': {
      const { lowUsd, expectedUsd, highUsd, basis } = event;
      state.estimate = { lowUsd, expectedUsd, highUsd, basis };
      return;
    }
    case 'run-planned': {
      state.plan = event.tasks;
      for (const { id, type, dependsOn } of event.tasks) {
        if (state.tasks.has(id)) continue;
        state.tasks.set(id, newTask(id, type, dependsOn));
      }
      return;
    }
    case 'task-started':
    case 'attempt-finished': {
      applyTaskEvent(taskOf(state, event.taskId, event.taskType), event);
      return;
    }
    case 'task-routed': {
      applyTaskEvent(taskOf(state, event.taskId, event.decision.taskType), event);
      return;
    }
    case 'phase-started': {
      applyTaskEvent(taskOf(state, event.taskId), event);
      return;
    }
    case 'call-started': {
      if (!state.endedCalls.has(event.callId)) state.openCalls.set(event.callId, event);
      noteCall(state, event.callId);
      return;
    }
    case 'call-finished': {
      if (state.endedCalls.has(event.callId)) return;
      state.endedCalls.add(event.callId);
      state.openCalls.delete(event.callId);
      noteCall(state, event.callId);
      spend(state.money, event);
      state.spentUsd = toUsd(state.money.spent);
      const { taskId } = event;
      if (taskId === undefined) return;
      const task = taskOf(state, taskId);
      task.costUsd = toUsd(state.money.byTask.get(taskId) ?? 0);
      addUsage(task.usage, { ...event, attempt: event.attempt ?? 0 });
      return;
    }
    case 'notice': {
      const { at, taskId, message } = event;
      state.notices.push(taskId === undefined ? { at, message } : { at, taskId, message });
      return;
    }
    case 'task-finished': {
      const { result, output } = event;
      const task = taskOf(state, result.taskId, result.taskType);
      keepResult(state, result, task.finishedAt !== undefined);
      applyTaskEvent(task, event);
      if (output !== undefined) state.outputs.set(result.taskId, output);
      return;
    }
    case 'heartbeat': {
      return;
    }
    case 'run-finished': {
      const { at, status, message, resumable } = event;
      setAside(state);
      state.finished = { at, status, resumable, ...defined({ message }) };
      return;
    }
  }
}

/** One result per task: a second one takes the place of the first. */
function keepResult({ results }: RunState, result: NamedTaskResult, again: boolean): void {
  const earlier = again ? results.findIndex(({ taskId }) => taskId === result.taskId) : -1;
  if (earlier === -1) results.push(result);
  else results[earlier] = result;
}

/** Nothing runs any more: what has no result yet waits for the run to go on. */
function setAside(state: RunState): void {
  for (const task of state.tasks.values()) {
    if (task.status !== 'running') continue;
    task.status = 'waiting';
    leavePhase(task);
  }
}

/** Ids are numbers from 1; whatever else a journal holds counts as none. */
function noteCall(state: RunState, callId: string): void {
  const number = Number(callId);
  if (Number.isSafeInteger(number) && number <= limits.attempts)
    state.lastCallId = Math.max(state.lastCallId, number);
}

function taskOf(state: RunState, id: string, type: TaskType = ''): TaskState {
  const known = state.tasks.get(id);
  if (known !== undefined) return known;
  const task = newTask(id, type, []);
  state.tasks.set(id, task);
  return task;
}

/** A run is live while it speaks: its heartbeat is every 5 s. */
export const liveForSeconds = 15;

export function isLive(state: Pick<RunState, 'finished' | 'lastEventAt'>, now: number): boolean {
  return state.finished === undefined && now - state.lastEventAt < liveForSeconds;
}

/** Until when a run was, or is, at work; of a dead one its last word. */
export function endOf(run: RunState, now: number): number {
  return run.finished?.at ?? (isLive(run, now) ? now : run.lastEventAt);
}

/** Seconds that a run has taken until then, all its parts together; 0 before its first event. */
export function secondsTaken(run: RunState, until: number): number {
  if (run.startedAt === 0) return 0;
  return Math.max(0, until - run.startedAt - run.idleSeconds);
}

/** Seconds from then on until a run would be stopped: each part has the whole time limit. */
export function secondsAllowed(run: RunState, from: number): number {
  return Math.max(0, run.timeLimitSeconds - Math.max(0, from - run.partStartedAt));
}

/** Runs in progress from any process on this machine, for the Live view. */
export type LiveRuns = {
  /** Reads only what was appended since the last call; newest run first. */
  read(now: number): readonly RunState[];
  close(): void;
};
