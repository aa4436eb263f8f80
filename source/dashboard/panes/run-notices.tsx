import type { ReactNode } from 'react';
import type { RunState } from '../../domain/run-state.ts';
import { formatElapsed } from '../format/index.ts';
import { cutMiddle, pad } from '../text/index.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import { plain } from '../theme/signs.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, Pane } from './pane.tsx';

/** What a person should know of a run, the newest first, each with how long after the start it was. */
export function NoticesPane({ style, area, run }: PaneInput & { run: RunState }): ReactNode {
  const height = innerHeight(area);
  const lines = run.notices
    .slice(-Math.max(1, height))
    .toReversed()
    .map(({ at, taskId, message }): Line => {
      const task =
        taskId === undefined ? '' : cutMiddle(style.clean(taskId), 16, style.glyphs.ellipsis);
      return [
        gap(1),
        styled(pad(formatElapsed(at - run.startedAt), 8), 'muted'),
        ...(task === '' ? [] : [styled(task, 'accent'), gap(2)]),
        styled(style.clean(plain(message, style)), 'warn'),
      ];
    });
  return (
    <Pane
      title={[styled('NOTICES', 'title', true), styled(`  ${run.notices.length}`, 'muted')]}
      area={area}
      style={style}
      more={{ hasAbove: false, hasBelow: run.notices.length > height }}
      lines={lines.map((line) => ({ line }))}
    />
  );
}
