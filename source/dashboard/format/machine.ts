import type { Elsewhere } from '../../domain/run-report.ts';

/** The machine of a run that is not on this one. */
export const machineText = ({ machine }: Elsewhere): string => machine || 'another';

/** Where a run is, and what that means for what can be seen of it here. */
export function elsewhereText({ machine, hasNoJournal }: Elsewhere): string {
  if (hasNoJournal === true) {
    return 'No journal of it is kept here: its numbers are those of the history, which has no texts.';
  }
  const where = machine ? `on ${machine}` : 'on another machine';
  return `It runs, or ran, ${where}: what was written stays there.`;
}
