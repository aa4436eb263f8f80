import { averageOf, modelsOf, projectLine, type RunDigest } from './run-digest.ts';
import type { RunStatus } from './run-event.ts';
import type { RunElsewhere, RunState } from './run-state.ts';

/**
 * A run that has no end yet is running, or its process is gone. Of a run on another machine that says
 * nothing any more only what it recorded is known: whether it ended, but not how.
 */
export type RunStanding = RunStatus | 'running' | 'interrupted' | 'ended' | 'not-ended';

/** Which machine has what was written, as far as that is known; or that no journal of it is kept at all. */
export type Elsewhere = Pick<RunElsewhere, 'machine' | 'hasNoJournal'>;

/** A run as a list shows it. */
export type RunOverview = RunDigest & {
  projectId: string;
  status: RunStanding;
  /** Of a run on another machine: which one, as far as that is known. */
  elsewhere?: Elsewhere;
};

export function digestOf(state: RunState): RunDigest {
  const { project, startedAt, tasks, results, spentUsd, budgetUsd, elsewhere } = state;
  return {
    project: projectLine(project),
    startedAt,
    tasks: Math.max(tasks.size, results.length, elsewhere?.taskCount ?? 0),
    averageQuality: averageOf(results),
    spentUsd,
    budgetUsd,
    models: modelsOf(results),
  };
}

/** What somebody else said of an attempt, in their own words. */
export type Remark = { model: string; text: string };

/** One generation or revision, and what was made of it. */
export type AttemptReport = {
  attempt: number;
  model: string;
  score: number | null;
  /** Dollars and milliseconds of its own calls. */
  costUsd: number;
  latencyMs: number;
  failed: boolean;
  error?: string;
  /** What validators found wrong, one sentence each. */
  failedChecks: string[];
  answer?: string;
  critiques: Remark[];
  judgements: (Remark & { score: number | null })[];
  /** Why another attempt came after it, in one sentence; absent of the last one. */
  followedBecause?: string;
};

export type TaskReport = {
  taskId: string;
  taskType: string;
  status: 'waiting' | 'running' | 'accepted' | 'best-effort' | 'failed';
  model: string | null;
  reviewer: string | null;
  score: number | null;
  costUsd: number;
  /** Null where only the machine that ran it knows, or no provider told. */
  inputTokens: number | null;
  outputTokens: number | null;
  error?: string;
  /** Of a run on another machine: what was written is there. */
  elsewhere?: Elsewhere;
  attempts: AttemptReport[];
  /** The path of its result file. */
  file: string | null;
};

/** One run with all that its journal holds. */
export type RunReport = {
  overview: RunOverview;
  /** The whole text, as the user wrote it. */
  project: string;
  criteria: string;
  simulated: boolean;
  message?: string;
  resumable: boolean;
  /** The path of the journal, and of the folder of its results; null of a run on another machine. */
  journal: string | null;
  resultsFolder: string | null;
  tasks: TaskReport[];
};
