import type { JudgeStanding } from '../../domain/judge-standing.ts';
import type { JudgeAgreement } from '../../domain/outcome.ts';
import {
  formatCount,
  formatDifference,
  formatMoney,
  formatMoneyIn,
  formatPlural,
  nothing,
} from '../format/index.ts';
import { plain, styled } from '../theme/index.ts';
import type { Columns } from './column.ts';

/** A judge, with how far it agrees with what was found afterwards, once that was asked for. */
export type JudgeRow = JudgeStanding & { agreement?: JudgeAgreement };

const severityRange = ({ severity }: JudgeRow): string =>
  severity === null
    ? nothing
    : `${formatDifference(severity.low, 3)}…${formatDifference(severity.high, 3)}`;

/** In words, as far as the interval tells. */
function severityWord({ severity, tellsNothing }: JudgeRow): string {
  if (tellsNothing) return 'uninformative';
  if (severity === null) return 'not compared';
  if (severity.high < 0) return 'severe';
  return severity.low > 0 ? 'generous' : 'average';
}

/** Who judged, how much, and whether that can be gone by. */
export const judges: Columns<JudgeRow> = {
  judge: {
    title: 'judge',
    cut: { where: 'middle', atLeast: 12 },
    stretch: true,
    cell: ({ judge }, style) => styled(style.clean(judge)),
    sort: { letter: 'M', key: ({ judge }) => judge, ascending: true },
    spoken: { text: ({ judge }) => judge },
    copied: { text: ({ judge }) => judge },
  },
  word: {
    title: 'severity',
    min: 8,
    cell: (row) => {
      const role = row.tellsNothing ? 'bad' : row.severity === null ? 'muted' : undefined;
      return styled(severityWord(row), role);
    },
    spoken: { text: severityWord },
    copied: { text: severityWord },
  },
  adds: {
    title: 'adds',
    align: 'right',
    min: 6,
    cell: ({ severity }, style) =>
      severity === null
        ? styled(plain(nothing, style), 'muted')
        : styled(plain(formatDifference(severity.estimate, 3), style), undefined, true),
    spoken: {
      text: ({ severity }) =>
        severity === null ? undefined : `adds ${formatDifference(severity.estimate, 3)}`,
    },
  },
  range: {
    title: '95%',
    align: 'right',
    min: 13,
    drop: 3,
    cell: (row, style) => styled(plain(severityRange(row), style), 'muted'),
    copied: { text: severityRange },
  },
  kin: {
    title: 'own kin',
    align: 'right',
    from: 96,
    drop: 4,
    cell: ({ selfPreference }, style) =>
      styled(
        plain(selfPreference === null ? nothing : formatDifference(selfPreference, 3), style),
        'muted',
      ),
  },
  outcomes: {
    title: 'outcomes',
    align: 'right',
    from: 110,
    drop: 4,
    cell: ({ agreement }, style) =>
      styled(plain(agreement === undefined ? nothing : formatCount(agreement.results), style)),
  },
  bias: {
    title: 'off by',
    align: 'right',
    from: 110,
    drop: 4,
    cell: ({ agreement }, style) =>
      styled(
        plain(agreement === undefined ? nothing : formatDifference(agreement.bias, 3), style),
        'muted',
      ),
  },
  follows: {
    title: 'follows',
    align: 'right',
    from: 110,
    drop: 4,
    cell: ({ agreement }, style) =>
      styled(plain(agreement?.correlation?.toFixed(2) ?? nothing, style), 'muted'),
  },
  judgements: {
    title: 'judged',
    align: 'right',
    min: 6,
    drop: 2,
    cell: ({ judgements }) => styled(formatCount(judgements)),
    sort: { letter: 'A', key: ({ judgements }) => judgements },
    spoken: { text: ({ judgements }) => formatPlural(judgements, 'judgement') },
    copied: { text: ({ judgements }) => formatPlural(judgements, 'judgement') },
  },
  paid: {
    title: 'paid',
    align: 'right',
    min: 7,
    dollars: ({ costUsd }) => costUsd,
    cell: ({ costUsd }, _, __, ___, decimals) =>
      styled(formatMoneyIn(costUsd, decimals), undefined, true),
    sort: { letter: 'C', key: ({ costUsd }) => costUsd },
    spoken: { text: ({ costUsd }) => `${formatMoney(costUsd)} paid` },
    copied: { text: ({ costUsd }) => `${formatMoney(costUsd)} paid` },
  },
};
