import type { RunState, TaskState } from '../../domain/run-state.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { standingsOf } from '../../domain/task-standing.ts';
import { hasCode } from '../../files/error-code.ts';
import {
  adviceIn,
  recommendationId,
  visibleJudges,
  visibleLeaders,
  visibleRankings,
  visibleRecommendations,
  visibleRuns,
  visibleTasks,
  selectedTask,
  selectedTaskReport,
} from '../state/lists.ts';
import {
  openRoute,
  visibleCandidates,
  visibleRoutes,
  visibleRouteTasks,
} from '../state/route-lists.ts';
import { openComparison } from '../state/comparison.ts';
import { runTasks } from '../tables/run-tasks.ts';
import { exportedRow } from '../tables/texts.ts';
import { topView, type AppState } from '../state/state.ts';
import { formatStamp } from '../format/index.ts';
import { escapedJson } from '../output/print.ts';

/** What the open view shows, filtered and sorted as it is there; unrounded numbers. */
export function viewAsJson(state: AppState): Record<string, unknown> {
  const { window, summary } = state.insight ?? {};
  const view = topView(state);
  const head = { view: view?.kind ?? state.tab, window, summary, simulated: state.simulated };
  switch (view?.kind) {
    case 'model': {
      return { ...head, model: state.openModel?.detail, routing: state.openModel?.decisions };
    }
    case 'event': {
      const event = state.openModel?.detail.lastEvents.find(({ id }) => id === view.eventId);
      return { ...head, event };
    }
    case 'evidence': {
      const recommendation = adviceIn(state).find(
        (candidate) => recommendationId(candidate) === view.recommendation,
      );
      return { ...head, recommendation };
    }
    case 'route': {
      return {
        ...head,
        route: openRoute(state),
        models: visibleCandidates(state),
        tasks: visibleRouteTasks(state),
      };
    }
    case 'judges': {
      return { ...head, judges: visibleJudges(state) };
    }
    case 'learning': {
      return { ...head, learningCurve: state.insight?.learningCurve };
    }
    case 'run': {
      return { ...head, run: openRunAsJson(state, visibleTasks(state)) };
    }
    case 'compare': {
      const { what, names, rows } = openComparison(state) ?? {};
      return { ...head, compared: what, names, rows };
    }
    case 'texts': {
      return { ...head, task: selectedTaskReport(state) };
    }
    case 'task': {
      const task = selectedTask(state);
      return { ...head, run: openRunAsJson(state, task === undefined ? [] : [task]) };
    }
    case undefined: {
      return { ...head, ...tabAsJson(state) };
    }
  }
}

function tabAsJson(state: AppState): Record<string, unknown> {
  switch (state.tab) {
    case 'overview': {
      return {
        rankings: visibleRankings(state, 'rankings'),
        leaders: visibleLeaders(state),
        recommendations: visibleRecommendations(state),
      };
    }
    case 'routes': {
      return { routes: visibleRoutes(state), whatIf: state.whatIf };
    }
    case 'cost': {
      return {
        month: state.insight?.month,
        ...state.moneyLimits,
        spend: state.insight?.spend,
        spendByModel: state.insight?.spendByModel,
        spendByProject: state.insight?.spendByProject,
        spendByDay: state.insight?.spendByDay,
        judges: visibleJudges(state),
      };
    }
    case 'recommendations': {
      return { recommendations: visibleRecommendations(state) };
    }
    case 'runs': {
      return {
        runs: visibleRuns(state).map(({ live, ...run }) =>
          live === undefined ? run : { ...run, ...runAsJson(live, [...live.tasks.values()]) },
        ),
      };
    }
  }
}

/** Prompts and outputs stay in the run's own journal. */
const runAsJson = (run: RunState, tasks: readonly TaskState[]) => ({
  ...run,
  tasks,
  money: undefined,
  openCalls: undefined,
  spentByPhase: phasesInUsd(run.money),
  spentByModel: modelsInUsd(run.money),
  plan: undefined,
  outputs: undefined,
});

function openRunAsJson({ openRun, now }: AppState, tasks: readonly TaskState[]) {
  if (openRun === undefined) return undefined;
  const facts = { run: openRun, standings: standingsOf(openRun, now), now };
  return runAsJson(
    openRun,
    tasks.map((task) => exportedRow(runTasks, task, facts)),
  );
}

/**
 * Writes the view into a new file and returns its path. Never replaces a file. Throws what the file
 * system throws.
 */
export function exportView(state: AppState, directory: string, unixSeconds: number): string {
  const view = topView(state)?.kind ?? state.tab;
  const moment = formatStamp(unixSeconds);
  const text = `${escapedJson(JSON.stringify(viewAsJson(state), undefined, 2))}\n`;
  for (let attempt = 1; ; attempt += 1) {
    const suffix = attempt === 1 ? '' : `-${attempt}`;
    const path = join(directory, `orchestrator-${view}-${moment}${suffix}.json`);
    try {
      writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
      return path;
    } catch (error) {
      if (!hasCode(error, 'EEXIST') || attempt >= 100) throw error;
    }
  }
}
import { modelsInUsd, phasesInUsd } from '../../domain/run-money.ts';
