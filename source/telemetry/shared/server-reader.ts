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
import type { EventsWanted } from '../engine.ts';
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
  const screens = keptScreens(address);
  const opened = openEngine(path, { busyTimeoutMs: 0, restMs: newsRestMs });
  const runs = createSharedRuns(opened, now);
  const closing = new AbortController();
  let wanted: number | undefined;
  let wake = new AbortController();
  let shown: Shown | undefined;
  let trouble: Trouble | undefined;
  let mark: string | undefined;
  let news = 0;
  let read = -1;
  let lastKept = { days: 0, at: -Infinity };
  let isLate = false;
  let newerSchema: number | undefined;
  /** The numbers of last time, by the days of their window, once they were looked for. */
  const kept = new Map<number, KeptScreen | undefined>();
  const lastEvents = new Map<string, LastEvents>();

  const keep = ({ days, insight, isEmpty, at }: Shown): void => {
    if (lastKept.days === days && lastKept.at === at) return;
    lastKept = { days, at };
    if (isEmpty) return;
    const learningCurve = insight.learningCurve.slice(-mostKept);
    const spendByProject = insight.spendByProject.slice(0, mostKept);
    screens.keep(days, { at, insight: { ...insight, learningCurve, spendByProject } });
  };

  const look = async (days: number): Promise<void> => {
    const engine = await opened;
    // Once it is on screen: of many runs it takes a while.
    if (shown !== undefined && (shown.days !== lastKept.days || now() - lastKept.at >= keepSeconds))
      keep(shown);
    const found = await engine.mark();
    const isSame = mark === found && shown?.days === days && now() - shown.at < edgeSeconds;
    if (isSame && trouble === undefined) return;
    const at = now();
    const view = await engine.view(windowOf(days, at));
    const insight = namedInsight(insightOf(view), own);
    const isEmpty = insight.summary.runs === 0 && (await engine.isEmpty());
    for (const open of lastEvents.values()) await readEvents(open, at);
    if (shown === undefined || trouble !== undefined) newerSchema = await engine.newerSchema();
    shown = { days, view, insight, isEmpty, at };
    mark = found;
    trouble = undefined;
    news += 1;
  };

  const readEvents = async (open: LastEvents, until: number): Promise<void> => {
    const engine = await opened;
    open.rows = namedEvents(await engine.lastEvents({ ...open.wanted, until }), own);
  };

  /** What was read of some; else they come with the next look. One model and one route are open at a time. */
  const eventsOf = (
    wanted: LastEvents['wanted'],
    days: number,
  ): readonly EventRow[] | undefined => {
    const what = wanted.model === undefined ? 'route' : 'model';
    const key = JSON.stringify([wanted.model, wanted.taskType, days]);
    const known = lastEvents.get(what);
    if (known?.key === key) return known.rows;
    lastEvents.set(what, { key, wanted });
    mark = undefined;
    wake.abort();
    return undefined;
  };

  const follow = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      wake = new AbortController();
      const startedAt = performance.now();
      try {
        const wasAway = trouble !== undefined;
        if (wanted !== undefined) await look(wanted);
        if (wasAway) runs.back();
        await runs.look(mark);
      } catch (error) {
        const failure = classify(error, label, 'reading');
        if (trouble?.error.code !== failure.code) news += 1;
        trouble = { error: failure, since: trouble?.since ?? now() };
      }
      const signal = AbortSignal.any([wake.signal, closing.signal]);
      // Where a look takes long, no more than a third of the time is spent on looking.
      const took = performance.now() - startedAt;
      const ms = trouble === undefined ? Math.max(newsEveryMs, 2 * took) : offlineMs;
      // Spread out: many dashboards would ask at the same moment after an outage.
      await wait(ms * (0.8 + 0.4 * Math.random()), undefined, { signal, ref: false }).catch(
        () => undefined,
      );
    }
  };
  void follow();
  const late = setTimeout(() => {
    isLate = true;
    if (shown === undefined) news += 1;
  }, answerMs).unref();

  /** What is there to show while the server has not told anything: the numbers of last time, or none. */
  const meanwhile = (days: number): InsightReading => {
    if (trouble === undefined && !isLate) return { status: 'loading' };
    if (trouble !== undefined && trouble.error.code !== 'offline') return failed(trouble);
    if (!kept.has(days)) kept.set(days, screens.of(days));
    const last = kept.get(days);
    if (last !== undefined) {
      return { status: 'ready', insight: last.insight, offlineSince: last.at };
    }
    return trouble === undefined ? { status: 'loading' } : failed(trouble);
  };

  return {
    path: label,
    runs,
    changed: () => read !== news,
    isQuick: () => true,
    read(days): InsightReading {
      read = news;
      if (wanted !== days) {
        wanted = days;
        wake.abort();
      }
      if (shown?.days !== days) return meanwhile(days);
      const { insight, isEmpty } = shown;
      const offlineSince = trouble?.since;
      if (isEmpty && trouble === undefined) return { status: 'empty', insight };
      return { status: 'ready', insight, ...defined({ offlineSince, newerSchema }) };
    },
    modelDetail(model, days): ModelDetail | undefined {
      if (shown?.days !== days) return undefined;
      const detail = detailOf(shown.view, model);
      if (detail === undefined) return undefined;
      return { ...detail, lastEvents: [...(eventsOf({ model, most: mostEvents }, days) ?? [])] };
    },
    lastTasks(taskType, days) {
      const { from } = windowOf(days, now());
      return eventsOf({ taskType, from, most: mostLastTasks }, days);
    },
    close() {
      closing.abort();
      clearTimeout(late);
      if (shown !== undefined) keep(shown);
      opened.then((engine) => engine.close()).catch(() => undefined);
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
