import { Text } from 'ink';
import type { ReactNode } from 'react';
import { openCount } from '../../domain/routes.ts';
import { isLive } from '../../domain/run-state.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { adviceIn, selectedTask } from '../state/lists.ts';
import { tabs, type AppState, type View, type Tab } from '../state/state.ts';
import { cutEnd, cutMiddle } from '../text/width.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { fitLine, gap, paint, styled, widthOfLine, type Line } from '../theme/text-span.ts';

const titles: Record<Tab, [full: string, short: string]> = {
  overview: ['Overview', 'Over'],
  routes: ['Routes', 'Routes'],
  cost: ['Cost', 'Cost'],
  recommendations: ['Recommendations', 'Recs'],
  runs: ['Runs', 'Runs'],
};

/** The tabs, or in a view the way back. */
export function TabBar({ state, style }: { state: AppState; style: RenderStyle }): ReactNode {
  const line = state.viewStack.length === 0 ? tabsLine(state) : breadcrumb(state, style);
  return (
    <Text wrap="truncate">
      {paint(fitLine(line, state.size.columns, style.glyphs.ellipsis), style)}
    </Text>
  );
}

/** What gets shorter where room is short: the names, the blanks between the tabs, and then nothing is counted. */
const forms = [
  { before: 1, blank: ' ', name: 0, hasCount: true },
  { before: 0, blank: ' ', name: 1, hasCount: true },
  { before: 1, blank: '', name: 1, hasCount: false },
] as const;

/** The longest form that is whole; the shortest fits the smallest screen. */
function tabsLine(state: AppState): Line {
  const lines = forms.map((form) => tabLine(state, form));
  return lines.find((line) => widthOfLine(line) <= state.size.columns) ?? lines.at(-1) ?? [];
}

function tabLine(state: AppState, { before, blank, name, hasCount }: (typeof forms)[number]): Line {
  return tabs.flatMap((tab, index) => {
    const count = hasCount ? countOn(state, tab) : 0;
    const isOpen = tab === state.tab;
    return [
      gap(before),
      // The brackets say which tab is open where colours and bold do not.
      styled(isOpen ? '[' : blank, 'accent', true),
      styled(`${index + 1}`, isOpen ? 'accent' : 'muted', isOpen),
      styled(` ${titles[tab][name]}`, isOpen ? 'accent' : undefined, isOpen),
      ...(count > 0 ? [styled(` ${count}`, isOpen ? 'accent' : 'muted', isOpen)] : []),
      styled(isOpen ? ']' : blank, 'accent', true),
    ];
  });
}

function countOn(state: AppState, tab: Tab): number {
  const { runs } = state;
  if (tab === 'recommendations') return openCount(adviceIn(state));
  return tab === 'runs' ? runs.filter(({ finished }) => finished === undefined).length : 0;
}

function breadcrumb(state: AppState, style: RenderStyle): Line {
  // A run in progress is said to be one.
  const isInProgress = state.openRun !== undefined && isLive(state.openRun, state.now);
  const crumbs = [
    state.tab === 'runs' && isInProgress ? 'Live' : titles[state.tab][0],
    ...state.viewStack.map((view) => crumbOf(view, state, style)),
  ];
  return crumbs.flatMap((text, index) => {
    const isLast = index === crumbs.length - 1;
    return [
      index === 0 ? gap(1) : styled(` ${style.glyphs.crumb} `, 'muted'),
      styled(text, isLast ? 'accent' : 'muted', isLast),
    ];
  });
}

function crumbOf(view: View, state: AppState, style: RenderStyle): string {
  switch (view.kind) {
    case 'model': {
      return cutMiddle(style.clean(view.model), 40, style.glyphs.ellipsis);
    }
    case 'event': {
      return `event ${view.eventId}`;
    }
    case 'evidence': {
      return 'Evidence';
    }
    case 'route': {
      return style.clean(taskTypeLabel(view.taskType));
    }
    case 'judges': {
      return 'Judges';
    }
    case 'learning': {
      return 'Learning curve';
    }
    case 'run': {
      const name = state.openRun?.project ?? '';
      const below = state.viewStack.at(-1) === view ? 0 : 28;
      const room = Math.max(20, state.size.columns - 12 - below);
      return cutEnd(style.clean(name === '' ? view.projectId : name), room, style.glyphs.ellipsis);
    }
    case 'compare': {
      return view.what === 'runs' ? 'Two runs' : 'Two models';
    }
    case 'texts': {
      return 'what was written';
    }
    case 'task': {
      return cutMiddle(
        style.clean(selectedTask(state)?.id ?? state.selections.tasks?.id ?? ''),
        24,
        style.glyphs.ellipsis,
      );
    }
  }
}
