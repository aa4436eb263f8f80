import type { InsightReader, Recommendation } from '../domain/insight.ts';
import type { MoneyLimits } from '../domain/month-spend.ts';
import type { JudgeAgreement, RecordedOutcome } from '../domain/outcome.ts';
import type { RunOverview, RunReport } from '../domain/run-report.ts';
import type { LiveRuns, RunState } from '../domain/run-state.ts';
import type { Clock } from '../domain/runtime.ts';
import type { Explain } from './data/what-if.ts';
import type { Tab } from './state/state.ts';

/** The journals of a machine. */
export type RunArchive = {
  list: (now: number) => readonly RunOverview[];
  /** Makes ready so many of those to be listed; whether that were all. Absent: a list is quick. */
  prepare?: (now: number, count: number) => boolean;
  /** Throws, with a sentence for people, where there is none that can be read. */
  read: (projectId: string, now: number) => { state: RunState; report: RunReport };
  /** Hears that either would tell something new of runs on other machines. */
  onNews?: (listener: () => void) => void;
};

export type DashboardOptions = {
  reader: InsightReader;
  liveRuns: LiveRuns;
  /** Runs of this machine, past ones too; absent: only those in progress are shown. */
  runArchive?: RunArchive;
  /** Records what the user found of a result; null takes it back. */
  recordOutcome?: (outcome: {
    projectId: string;
    taskId: string;
    value: number | null;
    /** The probability with which the user was asked; absent: it was volunteered. */
    sampled?: number;
  }) => Promise<void>;
  /** What was found of the results of a run so far, in the order in which it was recorded. */
  outcomesOf?: (projectId: string) => Promise<readonly RecordedOutcome[]>;
  /** What the configuration says of money; asked for once the first screen is there. */
  moneyLimits?: () => Promise<MoneyLimits>;
  /** How far judges agree with what was found of results. */
  judgeAgreements?: () => Promise<readonly JudgeAgreement[]>;
  clock: Clock;
  /** Days of the window; what is remembered wins unless the flag was given. */
  days: number;
  /** Milliseconds between two looks for changes. */
  refreshMs: number;
  initialTab?: Tab;
  /** Whether the data comes from the simulator: said on every screen. */
  simulated: boolean;
  /** Draw with ASCII alone; otherwise the locale decides. */
  ascii?: boolean;
  /** The file that remembers tab, sort, columns, window and theme for this database. */
  preferencesPath: string;
  flagsGiven: { days: boolean; tab: boolean };
  /** Where `e` saves. */
  exportDirectory: string;
  /** The real router on the store's history; without it there is no why and no what-if. */
  explain?: Explain;
  /** Resolves when `explain` has come to know the history; absent: it knows it from the start. */
  whenExplained?: Promise<void>;
  /** Told whenever `explain` has come to know a newer history. */
  onExplained?: (listener: () => void) => void;
  /** The configuration lines that apply a recommendation. */
  configurationFor?: (recommendation: Recommendation) => string;
  /** The id of a run whose view is open from the start; it stays when the run has ended. */
  watchedRun?: string;
  /** Whether that run has ended as far as its own process knows: one that ends at once may never be seen. */
  hasRunEnded?: () => boolean;
  /** Resolves with a line that is shown for a minute; null: there is nothing to say. */
  announcement?: Promise<string | null>;
  environment: NodeJS.ProcessEnv;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
};
