/**
 * Which of several hypotheses are rejected so that the chance of rejecting any true one stays below
 * `level` (Holm 1979), and the level at which each was held.
 */
export function holm(
  chances: readonly number[],
  level: number,
): { rejected: boolean; level: number }[] {
  const order = chances
    .map((_, index) => index)
    .toSorted((a, b) => (chances[a] ?? 1) - (chances[b] ?? 1));
  const verdicts = chances.map(() => ({
    rejected: false,
    level: level / Math.max(1, chances.length),
  }));
  let open = true;
  for (const [place, index] of order.entries()) {
    const held = level / (chances.length - place);
    if (open && (chances[index] ?? 1) > held) {
      open = false;
    }
    verdicts[index] = { rejected: open, level: held };
  }
  return verdicts;
}
