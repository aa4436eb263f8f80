import type { ReactNode } from 'react';
import type { RunState } from '../../domain/run-state.ts';
import { formatElapsed } from '../format/index.ts';
import { cutMiddle, pad } from '../text/index.ts';
import { gap, span, type Line } from '../theme/span.ts';
import { plain } from '../theme/signs.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, Pane } from './pane.tsx';

/** What a person should know of a run, the newest first, each with how long after the start it was. */
export function NoticesPane({ look, area, run }: PaneInput & { run: RunState }): ReactNode {
  const height = innerHeight(area);
  const lines = run.notices
    .slice(-Math.max(1, height))
    .toReversed()
    .map(({ at, taskId, message }): Line => {
      const task =
        taskId === undefined ? '' : cutMiddle(look.clean(taskId), 16, look.glyphs.ellipsis);
      return [
        gap(1),
        span(pad(formatElapsed(at - run.startedAt), 8), 'muted'),
        ...(task === '' ? [] : [span(task, 'accent'), gap(2)]),
        span(look.clean(plain(message, look)), 'warn'),
      ];
    });
  return (
    <Pane
      title={[span('NOTICES', 'title', true), span(`  ${run.notices.length}`, 'muted')]}
      area={area}
      look={look}
      more={{ hasAbove: false, hasBelow: run.notices.length > height }}
      lines={lines.map((line) => ({ line }))}
    />
  );
}
