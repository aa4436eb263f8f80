import type { ReactNode } from 'react';
import { openRunView } from '../state/state.ts';
import { gap, styled } from '../theme/text-span.ts';
import type { PaneInput } from './common.ts';
import { Pane } from './pane.tsx';

/** In place of a run, or of its task, of which nothing has been read yet. */
export function RunMissing({ state, style, area }: PaneInput): ReactNode {
  const id = style.clean(openRunView(state)?.projectId ?? '');
  return (
    <Pane
      title={[styled('RUN', 'title', true)]}
      area={area}
      style={style}
      isFocused
      lines={[
        { line: [] },
        {
          line: [gap(2), styled('Waiting for the first words of ', 'muted'), styled(id, 'accent')],
        },
      ]}
    />
  );
}
