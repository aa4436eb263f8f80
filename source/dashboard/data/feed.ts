import type { InsightReader } from '../../domain/insight.ts';
import { isLive, type LiveRuns, type RunState } from '../../domain/run-state.ts';
import type { Clock } from '../../domain/runtime.ts';
import { routeChoice } from '../../domain/routes.ts';
import { roomy } from '../layout/screen.ts';
import type { Store } from '../update/update.ts';
import { openModelName, openTaskType, type AppState } from '../state/state.ts';
import type { Explain } from './what-if.ts';

/** How often a database that cannot be read is tried again, whatever the reader says of changes. */
const retrySeconds = 2;
/** How often it is asked whether a long history can be read by now, in milliseconds. */
const loadingMs = 50;

export type Feed = {
  /** Looks for changes now and from then on. */
  start: () => void;
  /** Reads the database whether it changed or not. */
  read: () => void;
  readModel: (model: string) => void;
  /** Asks routing where the next tasks would go. */
  readRoutes: () => void;
  /** Reads the last tasks of the route that is open. */
  readTasks: () => void;
  stop: () => void;
};

/**
 * Brings changes of the database and of running runs into the store. Asks for changes on every beat,
 * which costs microseconds; reads, and so redraws, only when there are some.
 */
export function createFeed(options: FeedOptions): Feed {
  const { reader, clock, refreshMs, store, onBeat, onError } = options;
  const reads = createReads(options);
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  /** The times of an open run go on while nothing is written of it. */
  function tick(): void {
    const { openRun, isPaused, now } = store.get();
    if (openRun === undefined || openRun.finished !== undefined || isPaused) return;
    const at = clock();
    // Of a dead run only its age goes on, which is told in minutes.
    const step = isLive(openRun, now) ? 1 : 60;
    if (Math.floor(at / step) !== Math.floor(now / step)) store.dispatch({ type: 'time', at });
  }

  function beat(): void {
    try {
      const state = store.get();
      if (!state.isPaused) {
        const isDue = clock() - reads.lastReadAt() >= longestWait(state);
        if (isDue || reader.changed()) reads.read();
        reads.readRuns();
      }
      tick();
      onBeat?.();
    } catch (error) {
      onError(error);
      return;
    }
    const { data, insight } = store.get();
    const isLoading = data.status === 'loading' || insight?.adviceFollows === true;
    if (!isStopped)
      timer = setTimeout(beat, isLoading ? Math.min(loadingMs, refreshMs) : refreshMs);
  }

  async function readModelAnew(): Promise<void> {
    await options.whenExplained;
    reads.readOpenModel();
    reads.readRoutes();
  }
  void readModelAnew().catch(onError);
  options.onExplained?.(() => {
    reads.readOpenModel();
    reads.readShownRoutes();
  });

  return {
    ...reads,
    start: beat,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

type FeedOptions = {
  reader: InsightReader;
  liveRuns: LiveRuns;
  explain?: Explain | undefined;
  /** What is open by then is asked anew. */
  whenExplained?: Promise<void> | undefined;
  /** Tells of a newer history behind `explain`. */
  onExplained?: ((listener: () => void) => void) | undefined;
  clock: Clock;
  refreshMs: number;
  /** The numbers of a window are shown before its advice is worked out. */
  numbersFirst?: boolean;
  store: Store;
  /** Called at the end of every beat. */
  onBeat?: () => void;
  /** Something failed that no reading can tell of. */
  onError: (error: unknown) => void;
};

/** What can be read, each into the store. */
function createReads({ reader, liveRuns, explain, clock, store, numbersFirst }: FeedOptions) {
  let lastReadAt = 0;
  let lastRuns = '';

  function read(): void {
    lastReadAt = clock();
    const { days, insight, viewStack } = store.get();
    // What is open may be a piece of advice.
    const isNew = insight?.window.days !== days && viewStack.length === 0;
    const reading = reader.read(days, { advice: !(isNew && numbersFirst === true) });
    store.dispatch({ type: 'read', reading, at: lastReadAt });
    readShownRoutes();
  }

  function readShownRoutes(): void {
    const { tab, viewStack, size, insight } = store.get();
    const isShown = tab === 'routes' || (tab === 'overview' && size.columns >= roomy.columns);
    const isOpen = viewStack.some(({ kind }) => kind === 'route');
    // Every screen counts the advice that routing does not follow by itself.
    const isAdvised = insight?.recommendations.some(({ alternative }) => alternative !== undefined);
    if (isShown || isOpen || isAdvised === true) readRoutes();
    if (isOpen) readTasks();
  }

  function readTasks(): void {
    const state = store.get();
    const taskType = openTaskType(state);
    const rows = taskType === undefined ? undefined : reader.lastTasks(taskType, state.days);
    if (taskType === undefined || rows === undefined) return;
    store.dispatch({ type: 'tasks-read', taskType, rows });
  }

  function readRoutes(): void {
    const state = store.get();
    const open = openTaskType(state);
    const decision = open === undefined ? undefined : explain?.(open);
    store.dispatch({ type: 'routed', ...choicesOf(state.insight, explain), decision });
  }

  function readModel(model: string): void {
    const detail = reader.modelDetail(model, store.get().days);
    if (detail === undefined) return;
    const decisions = Object.fromEntries(
      detail.cells.flatMap(({ taskType }) => {
        const decision = explain?.(taskType);
        return decision === undefined ? [] : [[taskType, decision]];
      }),
    );
    store.dispatch({ type: 'model-read', openModel: { detail, decisions } });
  }

  function readOpenModel(): void {
    const model = openModelName(store.get());
    if (model !== undefined) readModel(model);
  }

  function readRuns(): void {
    const now = clock();
    const runs = liveRuns.read(now);
    const seen = JSON.stringify(runs.map(fingerprint));
    if (seen === lastRuns) return;
    lastRuns = seen;
    store.dispatch({ type: 'runs', runs: [...runs], at: now });
  }

  return {
    lastReadAt: () => lastReadAt,
    read,
    readModel,
    readOpenModel,
    readRoutes,
    readShownRoutes,
    readTasks,
    readRuns,
  };
}

/** Which model routing would take for each type of the routes, and the types for which none is offered. */
function choicesOf(insight: AppState['insight'], explain: Explain | undefined) {
  const chosen: [string, string][] = [];
  const notOffered: string[] = [];
  for (const { taskType } of insight?.routes ?? []) {
    const decision = explain?.(taskType);
    // Before the history is known, nothing can be said of a type.
    if (decision === undefined) continue;
    const model = routeChoice(decision, insight?.cells ?? []);
    if (model === undefined) notOffered.push(taskType);
    else chosen.push([taskType, model]);
  }
  return { chosen: Object.fromEntries(chosen), notOffered };
}

/** Seconds until the database is read whatever the reader says; what was read once is the reader's to renew. */
function longestWait({ data }: AppState): number {
  if (data.status === 'loading') return 0;
  return data.status === 'ready' || data.status === 'empty' ? Infinity : retrySeconds;
}

/** Changes whenever anything that the Live view shows of a run does. */
function fingerprint(run: RunState): unknown[] {
  return [run.projectId, run.lastEventAt, run.results.length, run.spentUsd, run.notices.length];
}
