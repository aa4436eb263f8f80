/** 1, 2 or 5 times a power of ten that is not below a positive number. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5].find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Where a scale from 0 ends that holds a number: no more than a quarter above it stays empty, nearly. */
export function roundTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8].find(
    (one) => one * power >= value * (1 - 1e-9),
  );
  return (factor ?? 10) * power;
}

/** Round numbers from `low` to `high`, at most so many of them, equally far apart. */
export function roundSteps(low: number, high: number, most: number): number[] {
  const step = roundUp(Math.max(high - low, 1e-9) / Math.max(1, most));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    // Without the digits that a binary fraction adds.
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** Powers of ten from `low` to `high`; with 2 and 5 between them where those are fewer than three. */
export function logSteps(low: number, high: number): number[] {
  const steps = (factors: readonly number[]): number[] => {
    const found: number[] = [];
    for (
      let power = Math.floor(Math.log10(low));
      power <= Math.ceil(Math.log10(high));
      power += 1
    ) {
      for (const factor of factors) {
        const value = Number((factor * 10 ** power).toPrecision(12));
        if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) found.push(value);
      }
    }
    return found;
  };
  const powers = steps([1]);
  return powers.length >= 3 ? powers : steps([1, 2, 5]);
}
