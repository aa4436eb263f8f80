import type { EventRow, InsightReading } from '../../domain/insight.ts';
import type { RoutingDecision } from '../../domain/routing-decision.ts';
import type { RunOverview, RunReport } from '../../domain/run-report.ts';
import type { RunState } from '../../domain/run-state.ts';
import type { KeyName } from '../keys/key-name.ts';
import type { AppState, OpenModel, WhatIf } from '../state/state.ts';

/** Everything that can happen to the screen. */
export type Action =
  | { type: 'key'; key: KeyName }
  | { type: 'paste'; text: string }
  /** What the terminal said of its background. */
  | { type: 'background'; isLight: boolean }
  | { type: 'resized'; size: AppState['size'] }
  /** The database was read at `at`. */
  | { type: 'read'; reading: InsightReading; at: number }
  /** The open model was read, for the window in force. */
  | { type: 'model-read'; openModel: OpenModel }
  /** Who would get the next task of each type, and of the open one why. */
  | {
      type: 'routed';
      chosen: AppState['chosen'];
      notOffered: readonly string[];
      decision: RoutingDecision | undefined;
    }
  /** The last tasks of a type were read. */
  | { type: 'tasks-read'; taskType: string; rows: readonly EventRow[] }
  | { type: 'runs'; runs: readonly RunState[]; at: number }
  | { type: 'past-runs'; runs: readonly RunOverview[] }
  /** A journal was read: of a run in progress only what was written counts. */
  | { type: 'run-read'; run: RunState; report: RunReport }
  /** What was found of the results of a run was read. */
  | { type: 'outcomes-read'; found: NonNullable<AppState['found']> }
  | { type: 'what-if'; whatIf: WhatIf }
  /** What the configuration says of money was read, or how judges agree with outcomes. */
  | { type: 'limits'; limits: AppState['moneyLimits'] }
  | { type: 'agreements'; agreements: AppState['agreements'] }
  /** Time passed that a visible age should show. */
  | { type: 'time'; at: number }
  | { type: 'message'; message: string | undefined };

/** What the world outside is asked to do; the reducer itself does nothing but decide. */
export type Effect =
  | { type: 'quit' }
  | { type: 'suspend' }
  | { type: 'redraw' }
  /** Ask the terminal what its background is. */
  | { type: 'ask-background' }
  /** Read the database with the window in force, changed or not. */
  | { type: 'read' }
  | { type: 'read-model'; model: string }
  /** Ask routing who would get the next tasks. */
  | { type: 'ask-routes' }
  /** Read the last tasks of the route that is open. */
  | { type: 'read-tasks' }
  /** List the runs of this machine. */
  | { type: 'list-runs' }
  | { type: 'read-run'; projectId: string }
  /** Show a file in the user's own pager or editor. */
  | { type: 'show-file'; path: string }
  /** Record what the user found of a result; null takes it back. */
  | {
      type: 'record-outcome';
      projectId: string;
      taskId: string;
      value: number | null;
      sampled?: number;
    }
  /** Read what was found of the results of a run. */
  | { type: 'read-outcomes'; projectId: string }
  /** Hold judges against outcomes. */
  | { type: 'read-judges' }
  /** Work out what one step of the quality tolerance up or down would change. */
  | { type: 'ask-what-if'; steps: number }
  | { type: 'copy'; text: string; what: string }
  | { type: 'copy-configuration'; recommendation: string }
  | { type: 'export' }
  /** Settings changed that the next start should find. */
  | { type: 'save-preferences' }
  /** Nothing is to be remembered; the theme is that of the terminal again. */
  | { type: 'forget-preferences' };

export type Update = { state: AppState; effects: readonly Effect[] };
