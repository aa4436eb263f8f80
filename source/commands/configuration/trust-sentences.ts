import { shellWord } from '../../domain/command-lines.ts';
import { localName } from './places.ts';
import { describeConcerns, type TrustConcern } from './trust-concerns.ts';

/** Why a file is not trusted. */
export type Distrust = 'found-here' | 'other-owner' | 'writable-by-others' | 'changed';

const reasons: Record<Distrust, string> = {
  'found-here': 'was merely found in this folder',
  'other-owner': 'belongs to another user',
  'writable-by-others': 'can be changed by other users',
  changed: 'has changed since you trusted it',
};

/** For a command that stops before it would send anything. */
export function untrustedSentence(
  file: string,
  distrust: Distrust,
  concerns: readonly TrustConcern[],
): string {
  return `${file} ${reasons[distrust]} and asks for ${describeConcerns(concerns)}: if you have read it and trust it, run ${commandFor(file)} (or give it with --config ${shellWord(file)}, or set ORCHESTRATOR_TRUST=1), else move it away.`;
}

/** For a command that sends nothing, and continues. */
export function leftOutSentence(
  file: string,
  distrust: Distrust,
  concerns: readonly TrustConcern[],
): string {
  return `${file} ${reasons[distrust]}, and what it says of ${describeConcerns(concerns)} is left out: if you have read it and trust it, run ${commandFor(file)}.`;
}

/** The command takes the file of the current folder by itself. */
function commandFor(file: string): string {
  return file === localName ? 'orchestrator trust' : `orchestrator trust ${shellWord(file)}`;
}
