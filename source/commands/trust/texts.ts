import { describeConcern, type TrustConcern, type TrustRecord } from '../configuration/index.ts';

/** What was trusted, and what that lets the file do. */
export function trustedText({ path }: TrustRecord, concerns: readonly TrustConcern[]): string {
  const may =
    concerns.length === 0
      ? ['Nothing in it needs trust.']
      : ['It may now ask for:', ...concerns.map((concern) => `  ${describeConcern(concern)}`)];
  return [
    `Trusted as it is now: ${path}`,
    ...may,
    'A change of its content needs trust anew; orchestrator trust --withdraw takes it back.',
    '',
  ].join('\n');
}

export function withdrawnText(name: string, withdrawn: boolean): string {
  return withdrawn
    ? `${name} is no longer trusted.\n`
    : `${name} was not trusted, so there is nothing to withdraw.\n`;
}

export function listText(files: readonly (TrustRecord & { current: boolean })[]): string {
  if (files.length === 0) {
    return 'No file is trusted: orchestrator trust FILE trusts one.\n';
  }
  return files
    .map(
      ({ path, current }) =>
        `${path}${current ? '' : '  (changed or gone: not trusted as it is)'}\n`,
    )
    .join('');
}
