import type { Random } from '../domain/runtime.ts';

/** A draw from the standard normal distribution (Box & Muller 1958). */
export function standardNormal(random: Random): number {
  // 1 − u is in (0, 1], so the logarithm is finite.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
