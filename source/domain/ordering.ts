/** Compares for an order that starts with the highest; what has no number comes last. */
export function highestFirst(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return b - a;
}
