/** A number, or one written as text; NaN for anything that is not written as a plain number. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  const isPlain =
    typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value);
  return isPlain ? Number(value) : Number.NaN;
}
