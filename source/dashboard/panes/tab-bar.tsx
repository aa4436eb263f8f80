import { Text } from 'ink';
import type { ReactNode } from 'react';
import { selectedTask } from '../state/lists.ts';
import { tabs, type AppState, type Level, type Tab } from '../state/state.ts';
import { cutEnd, cutMiddle } from '../text/fit.ts';
import type { Look } from '../theme/look.ts';
import { fitLine, gap, paint, span, widthOfLine, type Line } from '../theme/span.ts';

const titles: Record<Tab, [full: string, short: string]> = {
  overview: ['Overview', 'Over'],
  'by-task': ['By task', 'Task'],
  cost: ['Cost', 'Cost'],
  recommendations: ['Recommendations', 'Recs'],
  live: ['Live', 'Live'],
};

/** The tabs, or one level down the way back up. */
export function TabBar({ state, look }: { state: AppState; look: Look }): ReactNode {
  const line = state.levels.length === 0 ? tabsLine(state) : breadcrumb(state, look);
  return (
    <Text wrap="truncate">
      {paint(fitLine(line, state.size.columns, look.glyphs.ellipsis), look)}
    </Text>
  );
}

function tabsLine(state: AppState): Line {
  const full = tabLine(state, 0);
  return widthOfLine(full) <= state.size.columns ? full : tabLine(state, 1);
}

function tabLine(state: AppState, form: 0 | 1): Line {
  return tabs.flatMap((tab, index) => {
    const count = countOn(state, tab);
    const isOpen = tab === state.tab;
    return [
      gap(form === 0 ? 1 : 0),
      // The brackets say which tab is open where colours and bold do not.
      span(isOpen ? '[' : ' ', 'accent', true),
      span(`${index + 1}`, isOpen ? 'accent' : 'muted', isOpen),
      span(` ${titles[tab][form]}`, isOpen ? 'accent' : undefined, isOpen),
      ...(count > 0 ? [span(` ${count}`, isOpen ? 'accent' : 'muted', isOpen)] : []),
      span(isOpen ? ']' : ' ', 'accent', true),
    ];
  });
}

function countOn({ insight, runs }: AppState, tab: Tab): number {
  if (tab === 'recommendations') return insight?.recommendations.length ?? 0;
  return tab === 'live' ? runs.filter(({ finished }) => finished === undefined).length : 0;
}

function breadcrumb(state: AppState, look: Look): Line {
  const crumbs = [
    titles[state.tab][0],
    ...state.levels.map((level) => crumbOf(level, state, look)),
  ];
  return crumbs.flatMap((text, index) => {
    const isLast = index === crumbs.length - 1;
    return [
      index === 0 ? gap(1) : span(` ${look.glyphs.crumb} `, 'muted'),
      span(text, isLast ? 'accent' : 'muted', isLast),
    ];
  });
}

function crumbOf(level: Level, state: AppState, look: Look): string {
  switch (level.kind) {
    case 'model': {
      return cutMiddle(look.clean(level.model), 40, look.glyphs.ellipsis);
    }
    case 'event': {
      return `event ${level.eventId}`;
    }
    case 'evidence': {
      return 'Evidence';
    }
    case 'learning': {
      return 'Learning curve';
    }
    case 'run': {
      const name = state.openRun?.project ?? '';
      const below = state.levels.at(-1) === level ? 0 : 28;
      const room = Math.max(20, state.size.columns - 12 - below);
      return cutEnd(look.clean(name === '' ? level.projectId : name), room, look.glyphs.ellipsis);
    }
    case 'task': {
      return cutMiddle(look.clean(selectedTask(state)?.id ?? ''), 24, look.glyphs.ellipsis);
    }
  }
}
