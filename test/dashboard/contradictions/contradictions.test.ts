import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExplainer } from '../../../source/commands/shared/explainer.ts';
import { modelsOf } from '../../../source/commands/shared/routable-models.ts';
import { insightJson, renderPlainDashboard } from '../../../source/dashboard/plain/index.ts';
import { defaultRoutingSettings, openPolicy } from '../../../source/domain/policy.ts';
import { adviceBy, routeChoice, routesBy } from '../../../source/domain/routes.ts';
import { listRuns } from '../../../source/engine/journal/list-runs.ts';
import { openInsightReader, openTelemetryStore } from '../../../source/telemetry/index.ts';
import {
  demoHistory,
  emptyHistory,
  largeHistory,
  oldHistory,
  type History,
} from '../../support/histories.ts';
import { openSession, screenOf, type Session } from '../../support/session.tsx';
import { evidenceAgrees, surenessAgrees, windowIsNamed } from './advice.ts';
import { alternativesAgree, columnsAgree, unknownIsNotNothing, wordsArePlain } from './columns.ts';
import { judgesAgree, moneyAgrees } from './money.ts';
import { adviceAgrees, countsAgree, runsAgree, whatIfAgrees } from './counts.ts';
import { modelsAgree, routesAgree } from './models.ts';
import type { Reading } from './reading.ts';

/** A history as everything that shows it. */
type Shown = {
  open: (columns: number, rows: number, days: number) => Session;
  reading: (session: Session) => Reading;
  close: () => void;
};

async function shownOf({ database, runs, now }: History): Promise<Shown> {
  const reader = openInsightReader({ path: database, now: () => now, waits: true });
  const store = openTelemetryStore({ path: database, readonly: true, now: () => now });
  const history = await store.loadHistory();
  await store.close();
  const explain = createExplainer({
    models: modelsOf(history, 'local'),
    history,
    routing: defaultRoutingSettings,
    policy: openPolicy,
  });
  const limits = { monthBudgetUsd: 50, supervisionShare: 0.3 };
  return {
    open(columns, rows, days) {
      const session = openSession({
        columns,
        rows,
        options: {
          reader,
          explain,
          clock: () => now,
          days,
          runArchive: {
            list: (at) => listRuns({ directory: runs, now: at }),
            read: () => {
              throw new Error('not here');
            },
          },
        },
      });
      session.store.dispatch({ type: 'limits', limits });
      while (session.state().days > days) session.press('[');
      while (session.state().days < days) session.press(']');
      return session;
    },
    reading(session) {
      const { insight } = session.state();
      if (insight === undefined) throw new Error('nothing was read');
      const chosenFor = (type: string) => routeChoice(explain(type), insight.cells);
      const routes = routesBy(insight, chosenFor);
      const recommendations = adviceBy(insight.recommendations, chosenFor);
      return {
        plain: (view) => renderPlainDashboard(insight, { view, limits }).split('\n'),
        json: JSON.parse(
          JSON.stringify(insightJson({ ...insight, routes, recommendations }, limits)),
        ),
        async screen(...keys) {
          for (const key of keys) session.press(key);
          const lines = await screenOf(session.state());
          for (let left = 0; left < 5 && session.state().viewStack.length > 0; left += 1) {
            session.press('escape');
          }
          if (session.state().whatIf !== undefined) session.press('escape');
          if (session.state().filter !== '') session.press('escape');
          session.press('1');
          while (session.state().pane !== 'rankings') session.press('right');
          session.press('3');
          while (session.state().spendBy !== 'model') session.press('right');
          session.press('1');
          return lines;
        },
      };
    },
    close: () => reader.close(),
  };
}

const makers: Record<string, (folder: string) => History | Promise<History>> = {
  'of nothing': emptyHistory,
  'of the demo': demoHistory,
  'of 50 models on 30 types of task': largeHistory,
  'without single calls': oldHistory,
};

const sizes = [
  [80, 24],
  [120, 40],
  [170, 48],
] as const;

describe.each(Object.entries(makers))('a history %s', (_, make) => {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-test-'));
  let shown: Shown;
  beforeAll(async () => {
    shown = await shownOf(await make(folder));
  }, 60_000);
  afterAll(() => {
    shown.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const each = async (
    check: (reading: Reading) => Promise<string[]>,
    days: number,
    from = 0,
  ): Promise<string[]> => {
    const found: string[] = [];
    for (const [columns, rows] of sizes.slice(from)) {
      const problems = await check(shown.reading(shown.open(columns, rows, days)));
      found.push(...problems.map((problem) => `${columns}×${rows}, ${days} d: ${problem}`));
    }
    return found;
  };

  it.each([7, 30])('has one total, and its parts come to it, in %i days', async (days) => {
    expect(await each(moneyAgrees, days)).toEqual([]);
    expect(await each(judgesAgree, days, 1)).toEqual([]);
  });

  it.each([7, 30])(
    'shows no amount more exactly than the one above it, in %i days',
    async (days) => {
      expect(await each(columnsAgree, days)).toEqual([]);
    },
  );

  it('says what is advised where it says what could be done, and not 0 of what is not known', async () => {
    expect(await each(alternativesAgree, 30, 1)).toEqual([]);
    expect(await each(unknownIsNotNothing, 30)).toEqual([]);
  });

  it.each([7, 30, 365])(
    'says of advice what follows from its numbers, in %i days',
    async (days) => {
      expect(await each(evidenceAgrees, days, 1)).toEqual([]);
      expect(await each(surenessAgrees, days, 1)).toEqual([]);
      expect(await each(windowIsNamed, days, 2)).toEqual([]);
    },
  );

  it('speaks in words that are known', async () => {
    expect(await each(wordsArePlain, 30, 1)).toEqual([]);
  });

  it.each([7, 30])('says the same of a model wherever it is named, in %i days', async (days) => {
    expect(await each(modelsAgree, days)).toEqual([]);
  });

  it.each([7, 30])('says the same of a route wherever it goes, in %i days', async (days) => {
    expect(await each(routesAgree, days, 1)).toEqual([]);
  });

  it.each([7, 30])('counts in headings what stands below them, in %i days', async (days) => {
    expect(await each(countsAgree, days)).toEqual([]);
    expect(await each(adviceAgrees, days)).toEqual([]);
    expect(await each(runsAgree, days, 1)).toEqual([]);
    expect(await each(whatIfAgrees, days, 2)).toEqual([]);
  });
});
