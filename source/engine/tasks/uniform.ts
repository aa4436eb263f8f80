import { createHash } from 'node:crypto';

/**
 * A uniform pseudo-random number in [0, 1), seeded by these texts: a resumed run gets the same one.
 */
export function uniformOf(...texts: readonly string[]): number {
  const digest = createHash('sha256').update(texts.join('\0')).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}
