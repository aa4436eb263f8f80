import { defined } from '../../domain/defined.ts';
import type { ModelClient, ModelOffer } from '../../domain/model-api.ts';
import { TelemetryError } from '../../domain/errors.ts';
import type { RunEvent } from '../../domain/run-event.ts';
import { applyRunEvent, type RunState } from '../../domain/run-state.ts';
import type { Clock, Random } from '../../domain/runtime.ts';
import type { Turns } from '../../providers/index.ts';
import { runProject, type Journal, type RunOutcome } from '../../engine/index.ts';
import { routableModel, summariseLearning } from '../../routing/index.ts';
import { inTime, type TelemetryStore } from '../../telemetry/index.ts';
import type { Configuration } from '../configuration/index.ts';
import { shareRun } from '../shared/share-run.ts';
import { recordTelemetry, tagsAfter } from './record-telemetry.ts';
import type { RunRequest } from './run-request.ts';

export type ExecuteOptions = {
  request: RunRequest;
  connection: { client: ModelClient; offers: ModelOffer[] };
  configuration: Pick<Configuration, 'routing' | 'policy'> &
    Partial<Pick<Configuration, 'roles' | 'supervision'>>;
  store: TelemetryStore;
  journal: Journal;
  /** The engine's own memory, empty before; the screens draw it. */
  state: RunState;
  /** The events of interrupted earlier parts of the run. */
  earlier: readonly RunEvent[];
  simulated: boolean;
  clock: Clock;
  random: Random;
  /** Of a simulated run, whose story must not depend on its name. */
  samplingKey?: string | undefined;
  pid: number;
  signal: AbortSignal;
  /** Texts that no message may contain: the user's keys. */
  secrets: readonly string[];
  /** Where commands that check answers run; absent: in the user's cache folder. */
  scratchDirectory?: string;
  /** Receives every event once it is in the journal and the state. */
  onEvent: (event: RunEvent) => void;
  /** The simulator's time, where it decides what happens when. */
  turns?: Turns | undefined;
};

export type Executed = RunOutcome & {
  /** What the history changed in this run, in one sentence. */
  learning: string;
};

/**
 * Runs a project between what it needs and what lives off it: the history goes in, and events go to
 * journal, state, telemetry and screen, in this order.
 */
export async function executeProject(options: ExecuteOptions): Promise<Executed> {
  const { request, connection, configuration, store, journal, state, earlier, turns } = options;
  const { projectId } = request;
  const { routing, policy, roles, supervision } = configuration;
  const resuming = earlier.length > 0;
  // The engine learns from their journal what its earlier parts did.
  const others = resuming ? { exceptProject: projectId } : {};
  const [history, supportCalls] = await Promise.all([
    store.loadHistory(others),
    store.loadSupportCalls(others),
  ]);
  const recordedTasks = resuming
    ? await ifAway(store.recordedTaskIds(projectId), finishedTasks(earlier))
    : new Set<string>();
  // A part that came to an end wrote its tags before its tasks.
  const ended =
    recordedTasks.size > 0 ? earlier.findLastIndex(({ type }) => type === 'run-finished') + 1 : 0;
  const record = recordTelemetry(store, recordedTasks, tagsAfter(earlier.slice(0, ended)));
  const share = shareRun(store, state, options.clock);
  for (const [index, event] of earlier.entries()) {
    applyRunEvent(state, event);
    // What an earlier part finished but died before writing is written now.
    if (index >= ended || event.type !== 'run-started') record(event);
  }
  const outcome = await runProject({
    ...request,
    ...connection,
    history,
    supportCalls,
    routing,
    policy,
    ...defined({ roles, supervision }),
    simulated: options.simulated,
    clock: options.clock,
    random: options.random,
    ...defined({ samplingKey: options.samplingKey }),
    pid: options.pid,
    signal: options.signal,
    secrets: options.secrets,
    ...defined({ scratchDirectory: options.scratchDirectory }),
    state,
    emit(event) {
      const kept = journal.append(event);
      // It will not be sent, or it is another process's run now: it did not happen.
      if (journal.takenOver() || (!kept && event.type === 'call-started')) return kept;
      record(event);
      share(event);
      options.onEvent(event);
      turns?.take(event);
      return kept;
    },
    ...defined({ simulatedTime: turns }),
    ...(resuming
      ? {
          resumeFrom: earlier,
          snapshotsRecorded: await ifAway(store.hasSnapshots(projectId), false),
          callsRecorded: await ifAway(store.recordedCalls(projectId), new Map()),
        }
      : {}),
  });
  if (!journal.takenOver()) store.recordSnapshots(projectId, outcome.snapshots);
  const { message: learning } = summariseLearning({
    models: connection.offers.map(routableModel),
    history,
    taskTypes: outcome.results.map(({ taskType }) => taskType),
    settings: routing,
    policy,
  });
  return { ...outcome, learning };
}

/** How long a resumed run waits for what is recorded of it, in milliseconds. */
const recordedMs = 10_000;

/** What is supposed of a history while its server is away, or silent: a run does not wait for it. */
async function ifAway<Known>(known: Promise<Known>, supposed: Known): Promise<Known> {
  try {
    return await inTime(known, recordedMs, 'The history');
  } catch (error) {
    known.catch(() => undefined);
    if (error instanceof TelemetryError && error.code !== 'another-installation') return supposed;
    throw error;
  }
}

/** What an earlier part finished is on the server, or waits in its spool. */
function finishedTasks(earlier: readonly RunEvent[]): ReadonlySet<string> {
  return new Set(
    earlier.flatMap((event) => (event.type === 'task-finished' ? [event.result.taskId] : [])),
  );
}
