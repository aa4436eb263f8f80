/** The clock, in Unix seconds with fractions. Passed in wherever time matters. */
export type Clock = () => number;

/** Uniform in [0, 1). Passed in wherever randomness matters. */
export type Random = () => number;

/** A seeded source of randomness (mulberry32: 32 bits of state, passes gjrand's small tests). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
