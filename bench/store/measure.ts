import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

/** One line of the table: what was asked for, and what came out. */
export type Figure = { what: string; asked: string; measured: string; met: boolean };

/** A figure that must be at most (or at least) something. */
export function figure(
  what: string,
  measured: number,
  limit: { most?: number; least?: number; unit?: string; digits?: number },
): Figure {
  const { most, least, unit = '', digits = 2 } = limit;
  const met = measured <= (most ?? Infinity) && measured >= (least ?? -Infinity);
  const asked = most === undefined ? `≥ ${least}${unit}` : `≤ ${most}${unit}`;
  return { what, asked, measured: `${measured.toFixed(digits)}${unit}`, met };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Milliseconds that each of several runs took. */
export async function times(runs: number, work: () => unknown): Promise<number[]> {
  const taken: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    await work();
    taken.push(performance.now() - start);
  }
  return taken;
}

export async function inTemporary<Result>(
  work: (directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'orchestrator-bench-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
