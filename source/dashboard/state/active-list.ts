import { topView, type AppState, type ListName, type View } from './state.ts';

type InParts = 'model' | 'route';

const listsOfViews: Record<Exclude<View['kind'], InParts>, ListName | undefined> = {
  run: 'tasks',
  task: 'tasks',
  texts: undefined,
  event: undefined,
  evidence: undefined,
  learning: undefined,
  judges: 'judges',
  compare: 'comparison',
};

/** The list that keys move in; nothing where there is none. */
export function activeList(state: AppState): ListName | undefined {
  const view = topView(state);
  if (view?.kind === 'model') return view.part === 'why' ? 'why' : 'events';
  if (view?.kind === 'route') return view.part === 'tasks' ? 'route-tasks' : 'candidates';
  if (view !== undefined) return listsOfViews[view.kind];
  switch (state.tab) {
    case 'overview': {
      return state.pane;
    }
    case 'routes': {
      return 'routes';
    }
    case 'cost': {
      return 'spend';
    }
    case 'recommendations': {
      return 'recommendations';
    }
    case 'runs': {
      return 'runs';
    }
  }
}
