import { defined } from '../domain/defined.ts';
import {
  mostLastTasks,
  type Insight,
  type InsightReader,
  type InsightReading,
  type ModelDetail,
  type Recommendation,
} from '../domain/insight.ts';
import type { Clock } from '../domain/runtime.ts';
import { classify } from './database/failure.ts';
import { detailOf, mostEvents } from './insight/detail.ts';
import { insightOf } from './insight/insight.ts';
import { edgeSeconds, type View, type ViewOptions, viewStart, windowOf } from './insight/view.ts';
import { buildApart, type Building } from './sqlite/build-apart.ts';
import { openSqliteHistory } from './sqlite/engine.ts';
import { openRollups, rollupsInMemory } from './sqlite/rollups.ts';

/** A lock longer than this is answered with `locked`, so that keys and drawing go on; milliseconds. */
const busyTimeoutMs = 50;
/** Advice goes by many days: while rows come in, it is worked out anew no more often than this, in seconds. */
const adviceSeconds = 2;
/** Rows that are read one by one in no time; more of them are summed up by another thread first. */
const mostRows = 20_000;
/** The longest window that a key opens, in days. */
const longestDays = 90;
const numbers: ViewOptions = { withEvidence: false };
const whole: ViewOptions = { withEvidence: true };

/**
 * Opens nothing yet: every call answers with what it finds. `waits` is for those who read once and have
 * nothing else to do: a long history is then read at once, however long that takes.
 */
export function openInsightReader({
  path,
  now = () => Date.now() / 1000,
  waits = false,
}: {
  path: string;
  now?: Clock;
  waits?: boolean;
}): InsightReader {
  const summed = openSummed({ path, now, waits });
  const { history, isQuick, isBeingSummed } = summed;
  const { last, isNews, isAdviceDue, insightFor } = createReads(summed, now, waits);

  return {
    path,
    changed() {
      try {
        if (isNews()) return true;
        const { shown } = last;
        return shown?.view.evidence === undefined && shown !== undefined && isAdviceDue(shown.days);
      } catch {
        // The read says why.
        return true;
      }
    },
    isQuick() {
      try {
        return isQuick(longestDays, numbers);
      } catch {
        // There is little to read, and the read says why.
        return true;
      }
    },
    read(days, { advice } = { advice: true }) {
      try {
        if (isBeingSummed(days, numbers)) return { status: 'loading' };
        last.at = now();
        const insight = insightFor(days, advice && isAdviceDue(days) ? whole : numbers);
        if (insight.summary.runs === 0 && history.isEmpty()) return { status: 'empty', insight };
        return { status: 'ready', insight, ...defined({ newerSchema: history.newerSchema() }) };
      } catch (error) {
        last.at = now();
        return readingOf(error, path);
      }
    },
    modelDetail(model, days): ModelDetail | undefined {
      try {
        const { shown } = last;
        const known = isNews() || shown?.days !== days ? undefined : shown.view;
        if (known === undefined && isBeingSummed(days, numbers)) return undefined;
        const detail = detailOf(known ?? history.view(windowOf(days, now()), numbers), model);
        if (detail === undefined) return undefined;
        const lastEvents = history.lastEvents({ model, until: now(), most: mostEvents });
        return { ...detail, lastEvents };
      } catch {
        // The next read says why.
        return undefined;
      }
    },
    lastTasks(taskType, days) {
      try {
        if (last.shown === undefined && isBeingSummed(days, numbers)) return undefined;
        const { from, to } = windowOf(days, now());
        return history.lastEvents({ taskType, from, until: to, most: mostLastTasks });
      } catch {
        // The next read says why.
        return undefined;
      }
    },
    close: () => summed.close(),
  };
}

/** What was read last, with its advice, and what a read makes of it. */
function createReads({ history, isBeingSummed }: Summed, now: Clock, waits: boolean) {
  /** `shown` is what the last read showed: a model is opened from it. */
  const last: { at: number; shown?: { days: number; view: View } } = { at: -Infinity };
  let mark = '';
  let advised: { days: number; at: number; recommendations: Recommendation[] } | undefined;

  const view = (days: number, options: ViewOptions): View => {
    // Before it is read: what changes from here on is noticed.
    const seen = history.mark();
    const found = history.view(windowOf(days, now()), options);
    mark = seen.startsWith('closed') ? history.mark() : seen;
    return found;
  };

  /** Whether a window has no advice, or none of late, and it can be had by now. */
  const isAdviceDue = (days: number): boolean => {
    const isRecent = advised?.days === days && Math.abs(now() - advised.at) < adviceSeconds;
    return waits || (!isRecent && !isBeingSummed(days, whole));
  };

  const insightFor = (days: number, options: ViewOptions): Insight => {
    const found = { days, view: view(days, options) };
    const insight = insightOf(
      found.view,
      advised?.days === days ? advised.recommendations : undefined,
    );
    last.shown = found;
    if (options.withEvidence) {
      advised = { days, at: now(), recommendations: insight.recommendations };
    }
    return insight;
  };

  const isNews = (): boolean => history.mark() !== mark || Math.abs(now() - last.at) >= edgeSeconds;

  return { last, isNews, isAdviceDue, insightFor };
}

type Summed = ReturnType<typeof openSummed>;

/** A history, and whether it can be read at once or is summed up by another thread first. */
function openSummed({ path, now, waits }: { path: string; now: Clock; waits: boolean }) {
  /** Sums that could not be kept beside the database. */
  let bytes: Buffer | undefined;
  let building: Building | undefined;
  const history = openSqliteHistory(path, {
    busyTimeoutMs,
    openSums: () => (bytes === undefined ? openRollups(path) : rollupsInMemory(bytes)),
  });

  const isQuick = (days: number, options: ViewOptions): boolean =>
    history.rowsToRead(windowOf(days, now()), options) <= mostRows;

  /** Whether another thread sums up what is needed; after it has, or if it cannot, there is no more waiting. */
  const isBeingSummed = (days: number, options: ViewOptions): boolean => {
    if (waits || isQuick(days, options)) return false;
    const from = viewStart(windowOf(days, now()), options);
    building ??= buildApart({ path, from }, (given) => {
      bytes = given;
      try {
        history.forget();
      } catch {
        // The file went away meanwhile: whoever reads next opens it anew, and says what is the matter.
      }
    });
    return !building.isOver();
  };

  return {
    history,
    isQuick,
    isBeingSummed,
    close(): void {
      building?.stop();
      history.close();
    },
  };
}

function readingOf(error: unknown, path: string): InsightReading {
  const { code, message } = classify(error, path, 'reading');
  if (code === 'missing' || code === 'locked') return { status: code };
  return { status: code === 'not-a-database' ? code : 'failed', message };
}
