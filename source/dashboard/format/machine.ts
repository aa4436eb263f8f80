/** The machine of a run that is not on this one. */
export const machineText = ({ machine }: { machine?: string }): string => machine || 'another';

/** Where a run is, and what that means for what can be seen of it here. */
export function elsewhereText({ machine }: { machine?: string }): string {
  const where = machine ? `on ${machine}` : 'on another machine';
  return `It runs, or ran, ${where}: what was written stays there.`;
}
