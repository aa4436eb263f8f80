export type Figure = { what: string; asked: string; measured: number; unit: string; ok: boolean };

export type Stage = { directory: string; database: string };

export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};
