import { hashOf } from './rng.ts';

/**
 * A mark in a text from which the simulator of the same seed, and nobody else, reads its quality: so that a
 * judge of the simulator can judge without understanding, even after the simulator was started anew.
 */
export function scoreToken(seed: number, quality: number, nonce: number): string {
  const salt = nonce & 0xff;
  const level = Math.round(quality * 255);
  const hidden = level ^ (hashOf(seed, 'seal', salt) & 0xff);
  const check = hashOf(seed, 'check', salt, level) & 0xffff;
  return `sim:${hex(salt, 2)}${hex(hidden, 2)}${hex(check, 4)}`;
}

/** The quality in the last genuine score token of a text; undefined without one. */
export function readScoreToken(seed: number, text: string): number | undefined {
  const marks = [...text.matchAll(/\bsim:([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{4})\b/g)];
  for (const [, salt = '', hidden = '', check = ''] of marks.toReversed()) {
    const saltValue = Number.parseInt(salt, 16);
    const level = Number.parseInt(hidden, 16) ^ (hashOf(seed, 'seal', saltValue) & 0xff);
    if (hex(hashOf(seed, 'check', saltValue, level) & 0xffff, 4) === check) return level / 255;
  }
  return undefined;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
