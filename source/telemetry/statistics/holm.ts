/**
 * Which of several hypotheses are rejected so that the probability of rejecting any true one stays below
 * `level` (Holm 1979), and the level at which each was held.
 */
export function holm(
  pValues: readonly number[],
  level: number,
): { rejected: boolean; level: number }[] {
  const order = pValues
    .map((_, index) => index)
    .toSorted((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1));
  const verdicts = pValues.map(() => ({
    rejected: false,
    level: level / Math.max(1, pValues.length),
  }));
  let open = true;
  for (const [place, index] of order.entries()) {
    const held = level / (pValues.length - place);
    if (open && (pValues[index] ?? 1) > held) {
      open = false;
    }
    verdicts[index] = { rejected: open, level: held };
  }
  return verdicts;
}
