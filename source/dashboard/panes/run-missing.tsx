import type { ReactNode } from 'react';
import { openRunLevel } from '../state/state.ts';
import { gap, span } from '../theme/span.ts';
import type { PaneInput } from './common.ts';
import { Pane } from './pane.tsx';

/** In place of a run, or of its task, of which nothing has been read yet. */
export function RunMissing({ state, look, area }: PaneInput): ReactNode {
  const id = look.clean(openRunLevel(state)?.projectId ?? '');
  return (
    <Pane
      title={[span('RUN', 'title', true)]}
      area={area}
      look={look}
      isFocused
      lines={[
        { line: [] },
        { line: [gap(2), span('Waiting for the first words of ', 'muted'), span(id, 'accent')] },
      ]}
    />
  );
}
