import type { ReactNode } from 'react';
import { openRunView } from '../state/state.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import type { PaneInput } from './common.ts';
import { Pane } from './pane.tsx';

/** In place of a run, or of its task, of which nothing has been read yet. */
export function RunMissing({ state, style, area }: PaneInput): ReactNode {
  const projectId = openRunView(state)?.projectId ?? '';
  const id = styled(style.clean(projectId), 'accent');
  // A run has a journal before anything of it is recorded: what is recorded and has none is of the past.
  const isRecorded =
    state.insight?.spendByProject.some((one) => one.projectId === projectId) === true ||
    state.openModel?.detail.lastEvents.some((one) => one.projectId === projectId) === true;
  const said: Line = isRecorded
    ? [styled('No journal is kept here of ', 'muted'), id, styled(': only its numbers.', 'muted')]
    : [styled('Waiting for the first words of ', 'muted'), id];
  return (
    <Pane
      title={[styled('RUN', 'title', true)]}
      area={area}
      style={style}
      isFocused
      lines={[{ line: [] }, { line: [gap(2), ...said] }]}
    />
  );
}
