import type { PlainView } from '../../../source/dashboard/plain/index.ts';
import { numberOf, roundingOf } from '../../support/read-screen.ts';

/** One history at one size: what the screen, the text and the JSON say of it. */
export type Reading = {
  /** The screen after these keys; the overview again afterwards. */
  screen: (...keys: string[]) => Promise<string[]>;
  plain: (view: PlainView) => string[];
  json: Json;
};

export type Json = {
  window: { days: number };
  paceDays: number;
  summary: { runs: number; totalCostUsd: number; averageQuality: number | null };
  rankings: {
    model: string;
    callCount: number;
    averageCostUsd: number;
    qualityScore: number | null;
    valueScore: number | null;
    confidence: string;
  }[];
  leaders: Record<string, { model: string; qualityScore: number; confidence: string }>;
  spend: {
    totalUsd: number;
    byRole: Record<string, number>;
    byModel: { model: string; costUsd: number }[];
    byDay: { day: number; costUsd: number }[];
    byProject: { projectId: string; costUsd: number }[];
  };
  month: { spentUsd: number; forecastUsd: number | null };
  routes: {
    taskType: string;
    model: string;
    share: number;
    taskCostUsd: number | null;
    spentUsd: number;
  }[];
  recommendations: {
    kind: string;
    taskType: string;
    model: string;
    alternative?: string;
    monthlySavingsUsd?: number;
    inForce?: true;
    evidence: {
      n: number;
      nAlternative?: number;
      difference?: number;
      low?: number;
      high?: number;
      margin?: number;
      costUsd?: number;
      costAlternativeUsd?: number;
      volume?: number;
      paceDays?: number;
      moreCostUsd?: number;
    };
    message: string;
  }[];
};

/** Nothing where two shown numbers may be the same number; what is not shown contradicts nothing. */
export function differ(
  what: string,
  one: string | number | undefined,
  other: string | number | undefined,
): string[] {
  if (one === undefined || other === undefined || one === '—' || other === '—') return [];
  const [a, b] = [valueOf(one), valueOf(other)];
  if (a === undefined || b === undefined) return [`${what}: ${one} is no number, or ${other}`];
  const room =
    (typeof one === 'number' ? 1e-9 : roundingOf(one)) +
    (typeof other === 'number' ? 1e-9 : roundingOf(other));
  return Math.abs(a - b) <= room + 1e-6 * Math.abs(a) ? [] : [`${what}: ${one} and ${other}`];
}

const valueOf = (one: string | number): number | undefined =>
  typeof one === 'number' ? one : numberOf(one);

/** The same of a part that rows come to: each of them may be rounded. */
export function differSum(
  what: string,
  rows: readonly string[],
  total: string | undefined,
): string[] {
  if (total === undefined) return [];
  const sum = rows.reduce((all, row) => all + (numberOf(row) ?? 0), 0);
  const room = rows.reduce((all, row) => all + roundingOf(row), roundingOf(total));
  return Math.abs(sum - (numberOf(total) ?? 0)) <= room
    ? []
    : [`${what}: ${rows.length} rows come to ${sum.toFixed(4)}, not ${total}`];
}

/** The model whose name may have been cut in its middle. */
export function named(text: string | undefined, models: readonly string[]): string | undefined {
  if (text === undefined) return undefined;
  const [start = '', end = ''] = text.split('…');
  if (!text.includes('…')) return models.find((model) => model === text);
  const fitting = models.filter((model) => model.startsWith(start) && model.endsWith(end));
  return fitting.length === 1 ? fitting[0] : undefined;
}

export const present = <Item>(item: Item | undefined): item is Item => item !== undefined;
