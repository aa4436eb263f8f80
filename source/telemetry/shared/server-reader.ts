import { setTimeout as wait } from 'node:timers/promises';
import { defined } from '../../domain/defined.ts';
import type { TelemetryError } from '../../domain/errors.ts';
import {
  mostLastTasks,
  type EventRow,
  type Insight,
  type InsightReader,
  type InsightReading,
  type ModelDetail,
} from '../../domain/insight.ts';
import type { Clock } from '../../domain/runtime.ts';
import { classify } from '../database/failure.ts';
import type { EventsWanted, HistoryEngine } from '../engine.ts';
import { detailOf, mostEvents } from '../insight/detail.ts';
import { insightOf } from '../insight/insight.ts';
import { edgeSeconds, type View, windowOf } from '../insight/view.ts';
import { openEngine } from '../open-engine.ts';
import { namedEvents, namedInsight, type OwnNames, sameNames } from './own-names.ts';
import { type KeptScreen, keptScreens } from './kept-screen.ts';
import { serverAddress } from '../address/server-address.ts';
import { createSharedRuns, type SharedRuns } from './shared-runs.ts';

/** How often a server is asked for news, in milliseconds; and one that does not answer. */
export const newsEveryMs = 220;
/** What is new is read once for all dashboards, and may be so old then, in milliseconds. */
export const newsRestMs = 80;
const offlineMs = 2000;

/** How often the numbers are kept for a start without the server, in seconds. */
const keepSeconds = 60;
/** Of thousands of runs the latest, and those that cost most, are kept. */
const mostKept = 2000;
/** After how long without an answer the numbers of last time are shown, in milliseconds. */
const answerMs = 1000;

/** A reader of a server, with the runs of the machines that share it. */
export type ServerReader = InsightReader & { readonly runs: SharedRuns };

type Shown = { days: number; view: View; insight: Insight; isEmpty: boolean; at: number };
/** The last events of what is open; without rows until they were read. */
type LastEvents = {
  key: string;
  wanted: Omit<EventsWanted, 'until'>;
  rows?: EventRow[];
};
type Trouble = { error: TelemetryError; since: number };

/**
 * A reader of a server for an open dashboard: a loop asks for news and keeps the last answer, so that no
 * call waits. While the server is away the last numbers stay, with the time since when.
 */
export function openServerReader({
  path,
  now = () => Date.now() / 1000,
  own = sameNames,
}: {
  path: string;
  now?: Clock;
  own?: OwnNames;
}): ServerReader {
  const address = serverAddress(path);
  const { label } = address;
  const opened = openEngine(path, { busyTimeoutMs: 0, restMs: newsRestMs });
  const runs = createSharedRuns(opened, now);
  const lastTime = createLastTime(keptScreens(address), now);
  const { seen, want, lastEvents, close } = follow({ label, opened, runs, lastTime, now, own });
  let read = -1;

  /** What is there to show while the server has not told anything: the numbers of last time, or none. */
  const meanwhile = (days: number): InsightReading => {
    const { trouble } = seen;
    if (trouble === undefined && !seen.isLate) return { status: 'loading' };
    if (trouble !== undefined && trouble.error.code !== 'offline') return failed(trouble);
    const last = lastTime.of(days);
    if (last !== undefined) {
      return { status: 'ready', insight: last.insight, offlineSince: last.at };
    }
    return trouble === undefined ? { status: 'loading' } : failed(trouble);
  };

  return {
    path: label,
    runs,
    changed: () => read !== seen.news,
    isQuick: () => true,
    read(days): InsightReading {
      read = seen.news;
      want(days);
      const { shown, trouble, newerSchema } = seen;
      if (shown?.days !== days) return meanwhile(days);
      const { insight, isEmpty } = shown;
      const offlineSince = trouble?.since;
      if (isEmpty && trouble === undefined) return { status: 'empty', insight };
      return { status: 'ready', insight, ...defined({ offlineSince, newerSchema }) };
    },
    modelDetail(model, days): ModelDetail | undefined {
      if (seen.shown?.days !== days) return undefined;
      const detail = detailOf(seen.shown.view, model);
      if (detail === undefined) return undefined;
      const rows = lastEvents.of({ model, most: mostEvents }, days) ?? [];
      return { ...detail, lastEvents: [...rows] };
    },
    lastTasks(taskType, days) {
      const { from } = windowOf(days, now());
      return lastEvents.of({ taskType, from, most: mostLastTasks }, days);
    },
    close,
  };
}

/** What is known of a server by now; `news` counts what came in. */
type Seen = {
  shown?: Shown;
  trouble?: Trouble | undefined;
  newerSchema?: number | undefined;
  news: number;
  /** It has not answered in time. */
  isLate: boolean;
};

/** The loop that asks a server for news. */
function follow({
  label,
  opened,
  runs,
  lastTime,
  now,
  own,
}: {
  label: string;
  opened: Promise<HistoryEngine>;
  runs: SharedRuns;
  lastTime: ReturnType<typeof createLastTime>;
  now: Clock;
  own: OwnNames;
}) {
  const seen: Seen = { news: 0, isLate: false };
  const closing = new AbortController();
  let wake = new AbortController();
  let wanted: number | undefined;
  let mark: string | undefined;

  const lastEvents = createLastEvents(opened, own, () => {
    mark = undefined;
    wake.abort();
  });

  const look = async (days: number): Promise<void> => {
    const engine = await opened;
    const { shown, trouble } = seen;
    // Once it is on screen: of many runs it takes a while.
    if (shown !== undefined && lastTime.isDue(shown)) lastTime.keep(shown);
    const found = await engine.mark();
    const isSame = mark === found && shown?.days === days && now() - shown.at < edgeSeconds;
    if (isSame && trouble === undefined) return;
    const at = now();
    const view = await engine.view(windowOf(days, at));
    const insight = namedInsight(insightOf(view), own);
    const isEmpty = insight.summary.runs === 0 && (await engine.isEmpty());
    await lastEvents.read(at);
    if (shown === undefined || trouble !== undefined) {
      seen.newerSchema = await engine.newerSchema();
    }
    seen.shown = { days, view, insight, isEmpty, at };
    mark = found;
    seen.trouble = undefined;
    seen.news += 1;
  };

  const loop = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      wake = new AbortController();
      const startedAt = performance.now();
      try {
        const wasAway = seen.trouble !== undefined;
        if (wanted !== undefined) await look(wanted);
        if (wasAway) runs.back();
        await runs.look(mark);
      } catch (error) {
        const failure = classify(error, label, 'reading');
        if (seen.trouble?.error.code !== failure.code) seen.news += 1;
        seen.trouble = { error: failure, since: seen.trouble?.since ?? now() };
      }
      const signal = AbortSignal.any([wake.signal, closing.signal]);
      const ms = pauseMs(performance.now() - startedAt, seen.trouble !== undefined);
      await wait(ms, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  void loop();
  const late = setTimeout(() => {
    seen.isLate = true;
    if (seen.shown === undefined) seen.news += 1;
  }, answerMs).unref();

  return {
    seen,
    lastEvents,
    /** The window that is looked at from here on. */
    want: (days: number): void => {
      if (wanted === days) return;
      wanted = days;
      wake.abort();
    },
    close: (): void => {
      closing.abort();
      clearTimeout(late);
      if (seen.shown !== undefined) lastTime.keep(seen.shown);
      opened.then((engine) => engine.close()).catch(() => undefined);
    },
  };
}

/** How long until the next look, in milliseconds. */
function pauseMs(took: number, isAway: boolean): number {
  // Where a look takes long, no more than a third of the time is spent on looking.
  const ms = isAway ? offlineMs : Math.max(newsEveryMs, 2 * took);
  // Spread out: many dashboards would ask at the same moment after an outage.
  return ms * (0.8 + 0.4 * Math.random());
}

/** The numbers that are shown while the server is away: kept now and then, and looked for at most once. */
function createLastTime(screens: ReturnType<typeof keptScreens>, now: Clock) {
  let last = { days: 0, at: -Infinity };
  /** By the days of their window. */
  const found = new Map<number, KeptScreen | undefined>();
  return {
    isDue: ({ days }: Shown): boolean => days !== last.days || now() - last.at >= keepSeconds,
    keep({ days, insight, isEmpty, at }: Shown): void {
      if (last.days === days && last.at === at) return;
      last = { days, at };
      if (isEmpty) return;
      const learningCurve = insight.learningCurve.slice(-mostKept);
      const spendByProject = insight.spendByProject.slice(0, mostKept);
      screens.keep(days, { at, insight: { ...insight, learningCurve, spendByProject } });
    },
    of(days: number): KeptScreen | undefined {
      if (!found.has(days)) found.set(days, screens.of(days));
      return found.get(days);
    },
  };
}

/** The last events of the one model and the one route that are open at a time. */
function createLastEvents(opened: Promise<HistoryEngine>, own: OwnNames, onWanted: () => void) {
  const openOnes = new Map<'model' | 'route', LastEvents>();
  return {
    async read(until: number): Promise<void> {
      const engine = await opened;
      for (const open of openOnes.values()) {
        open.rows = namedEvents(await engine.lastEvents({ ...open.wanted, until }), own);
      }
    },
    /** What was read of some; else they come with the next look, which `onWanted` brings on. */
    of(wanted: LastEvents['wanted'], days: number): readonly EventRow[] | undefined {
      const what = wanted.model === undefined ? 'route' : 'model';
      const key = JSON.stringify([wanted.model, wanted.taskType, days]);
      const known = openOnes.get(what);
      if (known?.key === key) return known.rows;
      openOnes.set(what, { key, wanted });
      onWanted();
      return undefined;
    },
  };
}

function failed({ error }: Trouble): InsightReading {
  return { status: 'failed', message: error.message };
}

/** One look at a server, for who prints and ends. Rejects with TelemetryErrors. */
export async function readServerOnce(
  path: string,
  days: number,
  now: Clock,
  own: OwnNames = sameNames,
): Promise<{ insight: Insight; empty: boolean; newerSchema?: number }> {
  const engine = await openEngine(path, { busyTimeoutMs: 0 });
  try {
    const insight = namedInsight(insightOf(await engine.view(windowOf(days, now()))), own);
    const empty = insight.summary.runs === 0 && (await engine.isEmpty());
    return { insight, empty, ...defined({ newerSchema: await engine.newerSchema() }) };
  } finally {
    await engine.close();
  }
}
