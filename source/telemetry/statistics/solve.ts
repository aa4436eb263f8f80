/**
 * Where a falling function crosses zero, as exactly as is asked for: the end of the range that it is
 * beyond, where it does not cross (Ridders 1979, "A new algorithm for computing a single root", in a
 * bracket that is halved where that is not exact enough to go on).
 */
export function solve(
  falling: (x: number) => number,
  low: number,
  high: number,
  precision = 1e-12,
): number {
  let [from, to] = [low, high];
  let [above, below] = [falling(from), falling(to)];
  if (above <= 0) return from;
  if (below > 0) return to;
  while (to - from > precision * Math.max(1, to)) {
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
