/**
 * Chance that a standard normal is above `x`; relative error below 1.2e-7 even far out (the complementary
 * error function of Press et al. 2007, "Numerical Recipes", 3rd ed., section 6.2.2, Chebyshev form).
 */
export function normalTail(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 2 / (2 + z);
  const exponent =
    -z * z -
    1.265_512_23 +
    t *
      (1.000_023_68 +
        t *
          (0.374_091_96 +
            t *
              (0.096_784_18 +
                t *
                  (-0.186_288_06 +
                    t *
                      (0.278_868_07 +
                        t *
                          (-1.135_203_98 +
                            t * (1.488_515_87 + t * (-0.822_152_23 + t * 0.170_872_77))))))));
  const tail = (t * Math.exp(exponent)) / 2;
  return x >= 0 ? tail : 1 - tail;
}

/** The x above which a standard normal is with this chance, which is in (0, 0.5]. */
export function normalQuantile(tail: number): number {
  if (tail !== latest.tail) latest = { tail, x: solve((x) => normalTail(x) - tail, 0, 40) };
  return latest.x;
}

/** A screen asks for the same chance again and again. */
let latest = { tail: 0.5, x: 0 };

/**
 * Where a falling function crosses zero, to the last bit that matters: the end of the range that it is
 * beyond, where it does not cross (Ridders 1979, "A new algorithm for computing a single root", in a
 * bracket that is halved where that is not exact enough to go on).
 */
export function solve(falling: (x: number) => number, low: number, high: number): number {
  let [from, to] = [low, high];
  let [above, below] = [falling(from), falling(to)];
  if (above <= 0) return from;
  if (below > 0) return to;
  while (to - from > 1e-12 * Math.max(1, to)) {
    const middle = (from + to) / 2;
    const value = falling(middle);
    const guess = middle + ((middle - from) * value) / Math.sqrt(value * value - above * below);
    if (value > 0) [from, above] = [middle, value];
    else [to, below] = [middle, value];
    // Outside by rounding, or no number where all three values vanish: the halved bracket stands.
    if (!(guess > from && guess < to)) continue;
    const found = falling(guess);
    if (found > 0) [from, above] = [guess, found];
    else [to, below] = [guess, found];
  }
  return (from + to) / 2;
}
