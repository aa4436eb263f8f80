import { describe, expect, it, onTestFinished } from 'vitest';
import { daySeconds } from '../../../source/domain/durations.ts';
import { insightOf } from '../../../source/telemetry/insight/insight.ts';
import { windowOf } from '../../../source/telemetry/insight/view.ts';
import { sumUpAll } from '../../../source/telemetry/postgres/administration.ts';
import { serverEngine } from '../../../source/telemetry/postgres/engine.ts';
import { isWithoutServer, serverHistory } from '../../support/postgres.ts';

const hour = 3600;
/** Twelve hours and some minutes into a day. */
const now = 1_790_000_000 - (1_790_000_000 % daySeconds) + 12 * hour + 1234;

/** Tasks that lie evenly over the day in which a window of 30 days begins, 10 to a run; and one of today. */
async function historyWith(tasks: number) {
  const { address, connector } = await serverHistory();
  const { schema } = address;
  const day = now - 30 * daySeconds - ((now - 30 * daySeconds) % daySeconds);
  await connector.use((session) =>
    session.rows(
      `WITH b AS (INSERT INTO ${schema}.batches (writer, number) VALUES (7, 1))
       INSERT INTO ${schema}.routing_events (project_id, task_id, task_type, model_chosen, score, cost_usd,
         iterations, det_passed, recorded_at)
       SELECT 'run-' || n / 10, 't' || n, 'evaluation', 'm', 0.5, 0.01, 1, 1,
         ${day} + n * ${daySeconds}::float8 / ${tasks}
       FROM generate_series(0, ${tasks - 1}) n
       UNION ALL SELECT 'today', 't', 'evaluation', 'm', 0.5, 0.01, 1, 1, ${now - 10}`,
    ),
  );
  await sumUpAll(connector, { now: () => now, onStep: () => undefined });
  const engine = serverEngine(address);
  onTestFinished(() => engine.close());
  return {
    engine,
    shareFrom: (from: number) => tasks - Math.ceil(((from - day) / daySeconds) * tasks),
  };
}

describe.skipIf(isWithoutServer)('a window on a server', () => {
  it('begins where it is asked to, to the second', async () => {
    const { engine, shareFrom } = await historyWith(2400);
    const window = windowOf(30, now);
    const view = await engine.view(window);
    expect(view.window.from).toBe(window.from);
    const [ranking] = insightOf(view).rankings;
    expect(ranking?.taskCount).toBe(shareFrom(window.from) + 1);
  });

  it('begins on the hour where an hour holds more than a thousand tasks, and says so', async () => {
    const tasks = 48_000;
    const { engine, shareFrom } = await historyWith(tasks);
    const window = windowOf(30, now);
    const view = await engine.view(window);
    const from = window.from - (window.from % hour);
    expect(view.window).toEqual({ ...window, from });
    const insight = insightOf(view);
    expect(insight.rankings[0]?.taskCount).toBe(shareFrom(from) + 1);
    expect(insight.summary.runs).toBe(shareFrom(from) / 10 + 1);
    expect(insight.spendByProject).toHaveLength(insight.summary.runs);
    const { days } = await engine.days({ from: window.from, to: now });
    expect(days.map(({ sums }) => sums.firstAt)).toEqual([from, now - 10]);
    const hourly = await engine.view(windowOf(1, now - 29.5 * daySeconds));
    expect(hourly.window.from).toBe(now - 30.5 * daySeconds);
  });
});
