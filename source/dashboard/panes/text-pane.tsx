import type { ReactNode } from 'react';
import { innerHeight, Pane, type PaneLine, type PaneProps } from './pane.tsx';

/** A pane of text that may be longer than its room: from the line at its top on. */
export function TextPane({ top = 0, ...props }: PaneProps & { top?: number }): ReactNode {
  const { lines, area } = props;
  const from = Math.max(0, Math.min(top, linesBeyond(lines, area)));
  const to = from + innerHeight(area);
  return (
    <Pane
      {...props}
      lines={lines.slice(from, to)}
      more={{ hasAbove: from > 0, hasBelow: to < lines.length }}
    />
  );
}

/** How many of its lines a pane has no room for. */
export const linesBeyond = (lines: readonly PaneLine[], area: PaneProps['area']): number =>
  Math.max(0, lines.length - innerHeight(area));
