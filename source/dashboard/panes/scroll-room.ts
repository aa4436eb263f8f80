import { bodyHeight, isTooSmall, type Area } from '../layout/screen.ts';
import { topView, type AppState } from '../state/state.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import type { PaneInput } from './common.ts';
import { eventLines } from './events.tsx';
import { evidenceTextLines } from './evidence.tsx';
import { bannerLine } from './header.tsx';
import { judgesLayout } from './judges.tsx';
import type { PaneLine } from './pane.tsx';
import { taskLines } from './task.tsx';
import { linesBeyond } from './text-pane.tsx';

/** How many lines of the text of the open view are beyond its room; 0 where it shows none, or all of it. */
export function scrollRoom(state: AppState, style: RenderStyle): number {
  if (isTooSmall(state.size)) return 0;
  const height = bodyHeight(state.size, bannerLine(state, style) !== undefined);
  const area: Area = { width: state.size.columns, height };
  const text = textOf({ state, style, area });
  return text === undefined ? 0 : linesBeyond(text.lines, text.area);
}

function textOf(input: PaneInput): { lines: readonly PaneLine[]; area: Area } | undefined {
  const { area } = input;
  switch (topView(input.state)?.kind) {
    case 'task': {
      return { lines: taskLines(input), area };
    }
    case 'event': {
      return { lines: eventLines(input), area };
    }
    case 'evidence': {
      return { lines: evidenceTextLines(input), area };
    }
    case 'judges': {
      const { lines, below } = judgesLayout(input);
      return below === undefined ? undefined : { lines, area: below };
    }
    case 'model':
    case 'route':
    case 'learning':
    case 'run':
    case 'compare':
    case 'texts':
    case undefined: {
      return undefined;
    }
  }
}
