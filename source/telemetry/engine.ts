import type { EventRow, Window } from '../domain/insight.ts';
import type { JudgeAgreement, RecordedOutcome } from '../domain/outcome.ts';
import type { RecordedCall } from '../domain/model-call.ts';
import type { RunOverview } from '../domain/run-report.ts';
import type { RunState } from '../domain/run-state.ts';
import type { Clock } from '../domain/runtime.ts';
import type { SharedRun } from '../domain/shared-run.ts';
import type { SupportCall } from '../routing/index.ts';
import type { View, ViewOptions } from './insight/view.ts';
import type { Cells } from './sums/fact-rows.ts';
import type { DaysWanted, DaySums } from './warm-start.ts';

/** The latest events of a model, of a task type, or of both. */
export type EventsWanted = {
  model?: string;
  taskType?: string;
  /** Unix seconds, both included; absent: from the first one on. */
  from?: number;
  until: number;
  most: number;
};

type ShownRunsWanted = {
  now: Clock;
  /** The run that comes with its tasks in any case. */
  wanted: string | undefined;
};

export type SupportCallsWanted = { most: number; exceptProject?: string };

/** What is read of a history. Everything above it is pure and knows no engine. Throws TelemetryErrors. */
export type HistoryReads = {
  /** Changes whenever another read would bring news; cheap. */
  mark(): string;
  /** A window of the history and the one before it, summed up; by itself with the evidence behind advice. */
  view(window: Window, options?: ViewOptions): View;
  /** The UTC days of a time, summed up, oldest first. */
  days(wanted: DaysWanted): { days: DaySums[]; cells: Cells };
  /** The newest first. */
  lastEvents(wanted: EventsWanted): EventRow[];
  /** The tasks that are recorded of a run. */
  taskIds(projectId: string): ReadonlySet<string>;
  /** The calls that are recorded of a run, by their ids. */
  calls(projectId: string): ReadonlyMap<string, RecordedCall>;
  /** The latest calls that were not for an answer, but for those of one project. */
  supportCalls(wanted: SupportCallsWanted): SupportCall[];
  /** What was found of the results of a run, in the order in which it was recorded. */
  outcomes(projectId: string): RecordedOutcome[];
  /** How far judges agree with what was found of results. */
  judgeAgreements(): JudgeAgreement[];
  hasSnapshots(projectId: string): boolean;
  /** What is recorded of one run. */
  recordedRun(projectId: string): RunState | undefined;
  /** Whether nothing is recorded at all. */
  isEmpty(): boolean;
  /** The version of its schema where a newer program wrote it. */
  newerSchema(): number | undefined;
};

/**
 * One engine behind a history: the local file, or a server. Rejects with TelemetryErrors; every call may
 * be tried again.
 */
export type HistoryEngine = {
  [Name in keyof HistoryReads]: (
    ...given: Parameters<HistoryReads[Name]>
  ) => Promise<ReturnType<HistoryReads[Name]>>;
} & {
  /** The runs that machines show, those that spoke last first; of a file none: they lie beside it. */
  shownRuns(wanted: ShownRunsWanted): Promise<SharedRun[]>;
  /** The runs of which something was recorded last, the newest first; of a file none. */
  recordedRuns(): Promise<RunOverview[]>;
  close(): Promise<void>;
};
