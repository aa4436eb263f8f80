import { OrchestratorError } from '../../domain/errors.ts';
import {
  digestOf,
  type RunOverview,
  type RunReport,
  type TaskReport,
} from '../../domain/run-report.ts';
import { totalOf } from '../../domain/role-usage.ts';
import { isLive, type LiveRuns, type RunState } from '../../domain/run-state.ts';
import type { RunArchive } from '../../dashboard/index.ts';
import { newestFirst } from '../../engine/journal/list-runs.ts';
import type { SharedRuns } from '../../telemetry/index.ts';

/** Runs in progress of this machine and of those that share its history. */
export function withSharedLive(
  own: LiveRuns,
  shared: SharedRuns,
  isOwn: (projectId: string) => boolean,
): LiveRuns {
  let last: { own: readonly RunState[]; others: readonly RunState[]; all: readonly RunState[] } = {
    own: [],
    others: [],
    all: [],
  };
  return {
    read(now) {
      const mine = own.read(now);
      const others = shared.live(now);
      if (mine !== last.own || others !== last.others) {
        const foreign = others.filter(({ projectId }) => !isOwn(projectId));
        const all = [...mine, ...foreign].toSorted((a, b) => b.startedAt - a.startedAt);
        last = { own: mine, others, all };
      }
      return last.all;
    },
    close: () => own.close(),
  };
}

/** The journals of this machine, and what is known of the runs of those that share its history. */
export function withSharedRuns(
  own: RunArchive,
  shared: SharedRuns,
  isOwn: (projectId: string) => boolean,
): RunArchive {
  return {
    list: (now) =>
      [...own.list(now), ...shared.list(now).filter(({ projectId }) => !isOwn(projectId))].toSorted(
        newestFirst,
      ),
    read(projectId, now) {
      if (isOwn(projectId)) return own.read(projectId, now);
      const state = shared.read(projectId, now);
      if (state === undefined) throw notYet(projectId);
      return { state, report: reportOf(state, now) };
    },
    onNews: (listener) => shared.onNews(listener),
  };
}

const notYet = (projectId: string): OrchestratorError =>
  new OrchestratorError(
    'no-such-run',
    `Asking the server for ${projectId}: it runs, or ran, on another machine.`,
  );

/** What is known here of a run on another machine: all of it but texts and files. */
export function reportOf(state: RunState, now: number): RunReport {
  const { elsewhere = {} } = state;
  return {
    overview: {
      ...digestOf(state),
      projectId: state.projectId,
      status: standingOf(state, now),
      elsewhere,
    },
    project: '',
    criteria: '',
    simulated: state.simulated,
    resumable: false,
    journal: null,
    resultsFolder: null,
    tasks: [...state.tasks.values()].map((task): TaskReport => {
      const { id, type, status, author, score, costUsd, attempts, usage } = task;
      const { calls, untold, tokens } = totalOf(usage);
      const isTold = untold < calls;
      return {
        taskId: id,
        taskType: type,
        status,
        model: author ?? null,
        reviewer: attempts.at(-1)?.reviewer ?? null,
        score: score ?? null,
        costUsd,
        inputTokens: isTold ? tokens.input : null,
        outputTokens: isTold ? tokens.output : null,
        elsewhere,
        attempts: attempts.map((attempt) => ({
          attempt: attempt.iteration,
          model: attempt.model,
          score: attempt.score ?? null,
          costUsd: attempt.costUsd,
          latencyMs: attempt.latencyMs,
          failed: attempt.failed,
          failedChecks: [],
          critiques: [],
          judgements: [],
        })),
        file: null,
      };
    }),
  };
}

function standingOf(state: RunState, now: number): RunOverview['status'] {
  if (state.finished !== undefined) return state.finished.status;
  if (isLive(state, now)) return 'running';
  return state.elsewhere?.machine === undefined ? 'not-ended' : 'interrupted';
}
