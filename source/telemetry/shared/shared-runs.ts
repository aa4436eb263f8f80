import { TelemetryError } from '../../domain/errors.ts';
import { digestOf, type RunOverview } from '../../domain/run-report.ts';
import { isLive, type RunState } from '../../domain/run-state.ts';
import type { Clock } from '../../domain/runtime.ts';
import { type SharedRun, stateOfShared } from '../../domain/shared-run.ts';
import type { HistoryEngine } from '../engine.ts';
import { openEngine } from '../open-engine.ts';

/** How often runs in progress are asked for, where there are some and where there are none, in seconds. */
const liveSeconds = 1;
const quietSeconds = 3;
/** How often recorded runs are, while somebody looks at the list; and for how long one look counts. */
const recordedSeconds = 10;
const lookedAtSeconds = 60;
/** A server that does not tell of runs is left alone, in seconds: its schema may be older. */
const troubleSeconds = 60;

/** The runs of the other machines that share a history, as they were told of last. No call waits. */
export type SharedRuns = {
  /** Those in progress, the newest first; the same list as long as nothing changed. */
  live(now: number): readonly RunState[];
  /** All that are known, over or not; who asks is told of newer ones for a while. */
  list(now: number): readonly RunOverview[];
  /** One of them, with its tasks as soon as they are known; undefined where there is none. */
  read(projectId: string, now: number): RunState | undefined;
  /** Asks the server for what is due; `mark` changes with what is recorded. Rejects with TelemetryErrors. */
  ask(mark?: string): Promise<void>;
  /** The same for who asks again and again: a server that does not tell of runs is left alone for a while. */
  look(mark?: string): Promise<void>;
  /** Hears that {@link list} or {@link read} would tell something new. */
  onNews(listener: () => void): void;
  /** The server was away, and is back: who shows runs asks anew. */
  back(): void;
};

type TellsOfRuns = Pick<HistoryEngine, 'shownRuns' | 'recordedRuns' | 'recordedRun'>;

export function createSharedRuns(
  engine: TellsOfRuns | Promise<TellsOfRuns>,
  now: Clock,
): SharedRuns {
  let shown = new Map<string, SharedRun>();
  let states: readonly RunState[] = [];
  let recorded: readonly RunOverview[] = [];
  const opened = new Map<string, RunState | undefined>();
  let wanted: string | undefined;
  let listedAt = -Infinity;
  const due = { shown: -Infinity, recorded: -Infinity };
  let markOfRecorded: string | undefined;
  let notify: (() => void) | undefined;

  const lookAtShown = async (): Promise<void> => {
    const runs = await (await engine).shownRuns({ now, wanted });
    const before = JSON.stringify([...shown.values()].map(({ projectId }) => projectId).toSorted());
    shown = new Map(runs.map((run) => [run.projectId, run]));
    states = runs
      .filter((run) => run.ended === undefined && isLive(run, now()))
      .map(stateOfShared)
      .toSorted((left, right) => right.startedAt - left.startedAt);
    due.shown = now() + (states.length > 0 ? liveSeconds : quietSeconds);
    if (JSON.stringify([...shown.keys()].toSorted()) !== before) notify?.();
  };

  const lookAtRecorded = async (): Promise<void> => {
    recorded = await (await engine).recordedRuns();
    due.recorded = now() + recordedSeconds;
    notify?.();
  };

  const lookAtWanted = async (projectId: string): Promise<void> => {
    opened.clear();
    opened.set(projectId, await (await engine).recordedRun(projectId));
    notify?.();
  };

  const ask = async (mark?: string): Promise<void> => {
    if (now() >= due.shown) await lookAtShown();
    const isListed = now() - listedAt < lookedAtSeconds;
    const hasNews = mark === undefined || mark !== markOfRecorded;
    if (isListed && hasNews && now() >= due.recorded) {
      await lookAtRecorded();
      markOfRecorded = mark;
    }
    if (wanted !== undefined && !opened.has(wanted)) await lookAtWanted(wanted);
  };

  return {
    live: (at) =>
      states.every((run) => isLive(run, at)) ? states : states.filter((run) => isLive(run, at)),
    list(at) {
      listedAt = at;
      const shared = [...shown.values()].map((run) => overviewOf(stateOfShared(run), run, at));
      return [...shared, ...recorded.filter(({ projectId }) => !shown.has(projectId))];
    },
    read(projectId) {
      wanted = projectId;
      const run = shown.get(projectId);
      return withAttempts(run && stateOfShared(run), opened.get(projectId));
    },
    onNews(listener) {
      notify = listener;
    },
    ask,
    back: () => notify?.(),
    async look(mark) {
      try {
        await ask(mark);
      } catch (error) {
        // Whether the server is there is told by who reads numbers from it.
        if (error instanceof TelemetryError && error.code === 'offline') return;
        due.shown = now() + troubleSeconds;
        due.recorded = due.shown;
      }
    },
  };
}

/** What is shown of a run, with the attempts that only its records tell of. */
function withAttempts(
  shown: RunState | undefined,
  recorded: RunState | undefined,
): RunState | undefined {
  if (shown === undefined || recorded === undefined) return shown ?? recorded;
  const tasks = new Map(shown.tasks);
  for (const [id, known] of recorded.tasks) {
    const task = tasks.get(id) ?? known;
    const { attempts } = known.attempts.length > task.attempts.length ? known : task;
    tasks.set(id, { ...task, attempts, usage: known.usage });
  }
  return { ...shown, tasks };
}

function overviewOf(
  state: RunState,
  { models, averageQuality }: SharedRun,
  now: number,
): RunOverview {
  return {
    ...digestOf(state),
    models,
    averageQuality,
    projectId: state.projectId,
    status: state.finished?.status ?? (isLive(state, now) ? 'running' : 'interrupted'),
    ...(state.elsewhere !== undefined && { elsewhere: state.elsewhere }),
  };
}

/** The runs of the machines that share a history, asked for once. Rejects with TelemetryErrors. */
export async function readSharedRuns<Result>(
  path: string,
  now: Clock,
  read: (runs: SharedRuns) => Result,
): Promise<Result> {
  const engine = await openEngine(path, { busyTimeoutMs: 0 });
  try {
    const runs = createSharedRuns(engine, now);
    // Asking is what makes it known what is wanted.
    read(runs);
    await runs.ask();
    return read(runs);
  } finally {
    await engine.close();
  }
}
