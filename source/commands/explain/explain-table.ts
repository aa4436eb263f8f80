import { formatMoneyIn, moneyDecimals } from '../../dashboard/format/index.ts';
import { fittedLines, fittedTable } from '../../dashboard/text/index.ts';
import { explorationWords } from '../../routing/index.ts';
import type { CandidateAssessment, RoutingDecision } from '../../domain/routing-decision.ts';

const places = (value: number): string => value.toFixed(3);

/** All with as many decimals: those of the column. */
const dollars = (value: number, decimals: number): string =>
  Number.isFinite(value) ? formatMoneyIn(value, decimals) : 'unknown';

/** The decision as a table whose numbers a person can follow by hand, and how to read it. */
export function explainTable(decision: RoutingDecision, width?: number): string {
  const { candidates, reason, strategy } = decision;
  const sampled = candidates.some(({ posterior }) => posterior !== undefined);
  const header = [
    '',
    'MODEL',
    'DEFAULT',
    'HISTORY',
    'PROFILE = BLEND',
    ...(sampled ? ['POSTERIOR', 'SAMPLE'] : []),
    'COST',
    'WHY',
  ];
  const decimals = moneyDecimals(candidates.map(({ profile }) => profile.avgCostUsd));
  const rows = candidates.map((candidate) => rowOf(candidate, sampled, decimals));
  const table = fittedTable(
    [header, ...rows],
    header.map(() => ({})),
    width,
  );
  const strategyLine =
    strategy === 'adaptive'
      ? 'Strategy adaptive: samples of the posteriors decide whether a model is explored.'
      : 'Strategy greedy: profiles alone decide; nothing is sampled.';
  const explored = explorationWords(decision);
  return [
    ...fittedLines(reason, width),
    ...(explored === undefined ? [] : fittedLines(explored, width)),
    '',
    ...table,
    '',
    ...[...legend(decision, sampled), strategyLine].flatMap((line) => fittedLines(line, width)),
    '',
  ].join('\n');
}

function rowOf(candidate: CandidateAssessment, sampled: boolean, decimals: number): string[] {
  const { rank, model, profile, posterior, reason } = candidate;
  const own = candidate.default;
  const posteriorCells =
    posterior === undefined
      ? ['–', '–']
      : [
          `${places(posterior.mean)} ± ${places(posterior.standardDeviation)}`,
          places(posterior.sample),
        ];
  return [
    rank === undefined ? '–' : String(rank),
    model,
    `${places(own.qualityScore)} ${own.source === 'constants' ? 'c' : 'o'}`,
    historyOf(candidate),
    blendOf(candidate),
    ...(sampled ? posteriorCells : []),
    dollars(profile.avgCostUsd, decimals),
    reason,
  ];
}

function historyOf({ history }: CandidateAssessment): string {
  if (history === undefined) return 'none';
  const restart =
    history.restartedAt === undefined
      ? ''
      : ` since ${new Date(history.restartedAt * 1000).toISOString().slice(0, 10)}`;
  const quality = history.effectiveCalls > 0 ? places(history.qualityScore) : 'no score';
  return `${quality} ${history.confidence} ${history.callCount}${restart}`;
}

function blendOf(candidate: CandidateAssessment): string {
  const { history, historyWeight, runCalls, profile, excluded, ...rest } = candidate;
  if (excluded === 'not-configured') return '–';
  const run = runCalls > 0 ? `, ${runCalls} now` : '';
  const total = places(profile.qualityScore);
  if (history === undefined || historyWeight === 0 || history.effectiveCalls === 0) {
    return `${total} = default${run}`;
  }
  if (historyWeight === 1) return `${total} = history${run}`;
  const defaultWeight = Number((1 - historyWeight).toFixed(2));
  return `${total} = ${historyWeight} × ${places(history.qualityScore)} + ${defaultWeight} × ${places(rest.default.qualityScore)}${run}`;
}

/** What candidates are compared by. */
function qualityOf({ posterior, profile }: CandidateAssessment): number {
  return posterior?.mean ?? profile.qualityScore;
}

function legend({ candidates, qualityTolerance }: RoutingDecision, sampled: boolean): string[] {
  const running = candidates.filter(({ rank }) => rank !== undefined);
  const best = running.toSorted((a, b) => qualityOf(b) - qualityOf(a))[0];
  const rule =
    best === undefined
      ? []
      : [
          `Best quality ${places(qualityOf(best))} (${best.model}) − tolerance ${qualityTolerance} = ${places(qualityOf(best) - qualityTolerance)}: the cheapest at or above it is chosen.`,
        ];
  return [
    ...rule,
    'DEFAULT    what its record on other task types says (o), or the constant (c).',
    'HISTORY    mean of past attempts weighted by age, confidence, attempts: COLD counts 0, WARM 0.4, HOT 1.',
    ...(sampled
      ? [
          'POSTERIOR  quality by every attempt, also of other task types, ± one standard deviation; this is what is compared.',
          '           A cheaper model that is a little below is taken while 0.3 standard deviations of the difference allow it.',
        ]
      : []),
    'COST       per attempt, blended like quality.',
  ];
}
