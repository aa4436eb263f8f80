import {
  formatCost,
  formatCount,
  formatPlural,
  formatQuality,
  notJudged,
} from '../../dashboard/format/index.ts';
import { cleanText, fittedTable, wrapText } from '../../dashboard/text/index.ts';
import type { JudgeAgreement } from '../../domain/outcome.ts';
import type { ModelRow } from './model-row.ts';

/** The table that people read, with what to do about whatever cannot be used. */
export function renderModels(
  { rows, judges }: { rows: readonly ModelRow[]; judges: readonly JudgeAgreement[] },
  days: number,
  width?: number,
): string {
  const lines = fittedTable(
    [
      ['MODEL', 'PROVIDER', 'KEY', 'IN $/M', 'OUT $/M', 'CONTEXT', `LAST ${days} DAYS`],
      ...rows.map((row) => [
        cleanText(row.id),
        cleanText(row.provider ?? '(not offered)'),
        keyCell(row),
        priceCell(row, row.price?.input),
        priceCell(row, row.price?.output),
        row.contextTokens === null ? '' : tokens(row.contextTokens),
        historyCell(row),
      ]),
    ],
    [{}, {}, {}, { align: 'right' }, { align: 'right' }, { align: 'right' }, {}],
    width,
  );
  const remarks = [...advice(rows), ...judges.map(judgeLine)].flatMap((line) =>
    line === '' || width === undefined ? [line] : wrapText(line, width),
  );
  return `${[...lines, ...remarks].join('\n')}\n`;
}

/** Below it, judges are neither called severe nor generous. */
const smallBias = 0.005;

/** How far a judge agrees with what was found afterwards. */
function judgeLine({ judge, results, bias, correlation }: JudgeAgreement): string {
  const points = `${formatPlural(Number(Math.abs(100 * bias).toFixed(1)), 'point')} too ${bias < 0 ? 'severe' : 'generous'}`;
  const level = Math.abs(bias) < smallBias ? 'neither severe nor generous' : points;
  const follows =
    correlation === null
      ? 'too few to say whether it follows them'
      : `correlation ${correlation.toFixed(2)}`;
  return `As a judge of ${formatPlural(results, 'result')} whose outcome is known, ${cleanText(judge)} is ${level}, ${follows}.`;
}

function keyCell({ provider, keyPresent, keyVariables }: ModelRow): string {
  if (provider === null) return '';
  if (keyPresent === null) return 'none needed';
  return keyPresent ? `${keyVariables[0] ?? ''} set` : `${keyVariables.join(' or ')} not set`;
}

function priceCell({ provider }: ModelRow, price: number | undefined): string {
  if (price === undefined) return provider === null ? '' : 'unknown';
  const cents = price.toFixed(2);
  return Number(cents) === price ? cents : String(price);
}

function tokens(count: number): string {
  return count >= 1_000_000
    ? `${Number((count / 1_000_000).toFixed(2))}M`
    : `${Math.round(count / 1000)}k`;
}

function historyCell({ history }: ModelRow): string {
  if (history === null) return 'no calls';
  const { confidence, callCount, qualityScore, averageCostUsd } = history;
  const quality = qualityScore === null ? notJudged : `q:${formatQuality(qualityScore)}`;
  const calls = `${formatCount(callCount)} ${callCount === 1 ? 'call' : 'calls'}`;
  return `${confidence} ${calls}  ${quality}  ${formatCost(averageCostUsd)}`;
}

function advice(rows: readonly ModelRow[]): string[] {
  const usable = rows.filter((row) => row.usable).length;
  const waiting = rows.some(({ keyPresent }) => keyPresent === false);
  const unpriced = rows.filter((row) => row.keyPresent !== false && row.priceLine !== null);
  return [
    '',
    usable === 0
      ? 'No model can be called: set one of the keys above, configure a local server in orchestrator.yaml, or use --simulate.'
      : `${formatPlural(usable, 'model')} can be called${waiting ? '; set a key to call more' : ''}.`,
    ...unpriced.map(
      ({ id, priceLine }) =>
        `${cleanText(id)} is not used until its price is stated under models: in orchestrator.yaml, as ${cleanText(priceLine ?? '')}`,
    ),
  ];
}
