import { taskTypeLabel } from '../../domain/task-type.ts';
import { ownValue } from '../../domain/own-value.ts';
import { formatInterval, formatPlural, tooFew } from '../format/index.ts';
import { routeSentences } from '../format/route-words.ts';
import { selectedId } from '../state/lists.ts';
import { visibleCandidates, visibleRoutes } from '../state/route-lists.ts';
import { openTaskType, type AppState } from '../state/state.ts';
import type { CandidateRow } from '../tables/candidates.ts';
import { routes as routeColumns } from '../tables/routes.ts';
import { spokenText } from '../tables/texts.ts';

/** The route that keys have chosen. */
export function chosenRouteLines(state: AppState): string[] {
  const chosen = selectedId(state, 'routes');
  const route = visibleRoutes(state).find(({ taskType }) => taskType === chosen);
  return route === undefined
    ? ['No task type has calls in this window.']
    : [`${spokenText(routeColumns, route)}. Enter opens it.`];
}

/** The route that is open: why the first is first, and its models in the order of routing. */
export function openRouteLines(state: AppState): string[] {
  const taskType = openTaskType(state) ?? '';
  const { routeDecision } = state;
  const route = visibleRoutes({ ...state, filter: '' }).find((one) => one.taskType === taskType);
  const sentences = routeSentences(routeDecision, ownValue(state.chosen, taskType) !== undefined);
  return [
    `ROUTE of ${taskTypeLabel(taskType)}.`,
    ...(route === undefined ? [] : [`${spokenText(routeColumns, route)}.`]),
    // The what-if has a screen.
    ...sentences.map((sentence) => sentence.replace(/: [+-] tries that\.$/, '.')),
    ...visibleCandidates(state).map((row) => candidateSentence(row)),
    'Escape goes back to the routes.',
  ];
}

function candidateSentence({ model, candidate, stats }: CandidateRow): string {
  const { qualityInterval, callCount = 0 } = stats ?? {};
  const place = candidate?.rank === undefined ? 'no rank' : `rank ${candidate.rank}`;
  const quality =
    qualityInterval === undefined
      ? `${tooFew} scores`
      : `quality ${formatInterval(qualityInterval)}`;
  const why = candidate === undefined ? '' : ` ${candidate.reason}.`;
  return `${model}: ${place}, ${quality}, ${formatPlural(callCount, 'call')}.${why}`;
}
