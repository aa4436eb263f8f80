import type { InsightReader, InsightReading, ModelDetail } from '../domain/insight.ts';
import type { Clock } from '../domain/runtime.ts';
import { classify } from './database/failure.ts';
import { detailOf } from './insight/detail.ts';
import { insightOf } from './insight/insight.ts';
import { lastEventsOf } from './insight/last-events.ts';
import { reachOf, type View, viewOf, windowOf } from './insight/view.ts';
import { createReading, type OpenReading } from './reading.ts';

/** A lock longer than this is answered with `locked`, so that keys and drawing go on; milliseconds. */
const busyTimeoutMs = 50;
/** An open dashboard moves the edges of its window at least so often, in seconds. */
const edgeSeconds = 60;
/** Events in the view of a model. */
const mostEvents = 50;

/** Opens nothing yet: every call answers with what it finds. */
export function openInsightReader({
  path,
  now = () => Date.now() / 1000,
}: {
  path: string;
  now?: Clock;
}): InsightReader {
  const reading = createReading(path, busyTimeoutMs);
  let readAt = -Infinity;
  /** What the last read showed: a model is opened from it. */
  let shown: { days: number; view: View } | undefined;

  const view = ({ reader }: OpenReading, days: number): View => {
    const window = windowOf(days, now());
    return reader.within(reachOf(window), (timeline) => viewOf(window, timeline, reader.cells));
  };

  return {
    path,
    changed: () => reading.changed() || Math.abs(now() - readAt) >= edgeSeconds,
    isQuick() {
      try {
        return reading.use(({ reader }) => reader.isQuick());
      } catch {
        // There is little to read, and the read says why.
        return true;
      }
    },
    read(days) {
      readAt = now();
      try {
        return reading.use((open): InsightReading => {
          shown = { days, view: view(open, days) };
          const insight = insightOf(shown.view);
          if (isEmpty(open)) return { status: 'empty', insight };
          const { newerSchema } = open;
          return {
            status: 'ready',
            insight,
            ...(newerSchema === undefined ? {} : { newerSchema }),
          };
        });
      } catch (error) {
        return readingOf(error, path);
      }
    },
    modelDetail(model, days): ModelDetail | undefined {
      try {
        const isNews = reading.changed() || now() - readAt >= edgeSeconds;
        return reading.use((open) => {
          const known = isNews || shown?.days !== days ? undefined : shown.view;
          const detail = detailOf(known ?? view(open, days), model);
          if (detail === undefined) return undefined;
          const lastEvents = lastEventsOf(open.connection, {
            model,
            taskTypes: open.reader.cells
              .all()
              .filter((cell) => cell.model === model)
              .map(({ taskType }) => taskType),
            until: now(),
            most: mostEvents,
          });
          return { ...detail, lastEvents };
        });
      } catch {
        // The next read says why.
        return undefined;
      }
    },
    close: () => reading.close(),
  };
}

function isEmpty({ connection }: OpenReading): boolean {
  return (
    connection
      .prepare('SELECT 1 FROM routing_events UNION ALL SELECT 1 FROM model_snapshots LIMIT 1')
      .get() === undefined
  );
}

function readingOf(error: unknown, path: string): InsightReading {
  const { code, message } = classify(error, path, 'reading');
  if (code === 'missing' || code === 'locked') return { status: code };
  return { status: code === 'not-a-database' ? code : 'failed', message };
}
