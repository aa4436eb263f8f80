import { fittedLines, fittedTable } from '../../dashboard/text/index.ts';
import { plot } from './chart.ts';
import type { References } from './references.ts';
import type { ReplayedRun } from './simulate.ts';

export type ReplayOutcome = { runs: ReplayedRun[]; references: References };

const share = (value: number): string => value.toFixed(3);
const dollars = (value: number): string => `$${value.toPrecision(3)}`;

/** The chart of the score by run between the references, and what changed from the first runs to the last. */
export function renderReplay(
  { runs, references }: ReplayOutcome,
  { columns, cold, summary }: { columns: number; cold: boolean; summary: string },
): string {
  const { leaderScore, bestSingleScore, randomScore } = references;
  const chart = plot({
    values: runs.map(({ expectedScore }) => expectedScore),
    lines: [
      { label: 'best model per task type', value: leaderScore },
      { label: 'best single model', value: bestSingleScore },
      { label: 'random choice', value: randomScore },
    ],
    columns,
    rows: 12,
  });
  const tenth = Math.max(1, Math.ceil(runs.length / 10));
  const first = runs.slice(0, tenth);
  const last = runs.slice(-tenth);
  const rows = [
    ['', 'score', 'of the best', 'cost per task'],
    [span(1, tenth), ...figures(first, leaderScore)],
    [span(runs.length - tenth + 1, runs.length), ...figures(last, leaderScore)],
    ['best model per task type', share(leaderScore), '100.0%', ''],
    ['best single model', share(bestSingleScore), percent(bestSingleScore, leaderScore), ''],
    ['random choice', share(randomScore), percent(randomScore, leaderScore), ''],
  ];
  return [
    ...summary.split('\n').flatMap((line) => fittedLines(line, columns)),
    '',
    ...fittedLines(
      `EXPECTED SCORE BY RUN${cold ? '  (--cold: every run forgets those before it)' : ''}`,
      columns,
    ),
    '',
    chart,
    '',
    ...fittedTable(
      rows,
      [{}, ...Array.from({ length: 3 }, () => ({ align: 'right' as const }))],
      columns,
    ),
    '',
    ...fittedLines(verdict(first, last, references, cold), columns),
    '',
  ].join('\n');
}

function span(from: number, to: number): string {
  return from === to ? `run ${from}` : `runs ${from}–${to}`;
}

function figures(runs: readonly ReplayedRun[], leaderScore: number): string[] {
  const score = scoreOf(runs);
  const cost = costOf(runs);
  return [
    share(score),
    percent(score, leaderScore),
    cost === undefined ? 'unknown' : dollars(cost),
  ];
}

function scoreOf(runs: readonly ReplayedRun[]): number {
  return runs.reduce((sum, run) => sum + run.expectedScore, 0) / runs.length;
}

function costOf(runs: readonly ReplayedRun[]): number | undefined {
  const known = runs.flatMap(({ averageCostUsd }) => averageCostUsd ?? []);
  return known.length > 0 ? known.reduce((sum, cost) => sum + cost, 0) / known.length : undefined;
}

function percent(value: number, whole: number): string {
  return whole > 0 ? `${((100 * value) / whole).toFixed(1)}%` : '–';
}

function verdict(
  first: readonly ReplayedRun[],
  last: readonly ReplayedRun[],
  { leaderScore }: References,
  cold: boolean,
): string {
  if (cold) return 'Without memory. Replay without --cold to see what learning changes.';
  const gained = 100 * (scoreOf(last) - scoreOf(first));
  const costs = [costOf(first), costOf(last)] as const;
  const [before, after] = costs;
  const money =
    before === undefined || after === undefined || before === 0
      ? ''
      : ` at ${((100 * after) / before).toFixed(0)}% of the cost per task`;
  const direction = gained >= 0 ? 'up' : 'down';
  return `From the first runs to the last: ${Math.abs(gained).toFixed(1)} points ${direction}${money}; now ${percent(scoreOf(last), leaderScore)} of the best possible choice per task type.`;
}
