import type { CellStats } from '../../domain/insight.ts';
import type { CandidateAssessment } from '../../domain/routing-decision.ts';
import {
  formatAmountIn,
  formatCount,
  formatInterval,
  formatPart,
  formatQuality,
  nothing,
  tooFew,
} from '../format/index.ts';
import { plain, styled } from '../theme/index.ts';
import type { Columns } from './column.ts';
import { confidenceMark } from './marks.ts';

/** A model for a task type: what the window says of it, and what routing does. */
export type CandidateRow = {
  taskType: string;
  model: string;
  /** Absent where it has no calls in the window. */
  stats?: CellStats;
  /** Absent where routing does not know it. */
  candidate?: CandidateAssessment;
};

/** Whether routing has said what it makes of them. */
export type CandidateFacts = { isKnown: boolean };

/** The models of a task type in the one order that counts: that of routing. */
export const candidates: Columns<CandidateRow, CandidateFacts> = {
  rank: {
    title: '#',
    align: 'right',
    sort: { letter: 'R', key: ({ candidate }) => candidate?.rank ?? null, ascending: true },
    cell: ({ candidate }, style) =>
      styled(
        candidate?.rank === undefined ? plain(nothing, style) : String(candidate.rank),
        candidate?.rank === 1 ? 'good' : 'muted',
        candidate?.rank === 1,
      ),
    copied: { text: ({ candidate }) => `#${candidate?.rank ?? nothing}` },
  },
  mark: {
    min: 1,
    cell: ({ stats }, style) =>
      stats === undefined ? styled(' ') : confidenceMark(stats.confidence, style),
  },
  model: {
    title: 'model',
    cut: { where: 'middle', atLeast: 12 },
    sort: { letter: 'M', key: ({ model }) => model, ascending: true },
    cell: ({ model }, style) => styled(style.clean(model)),
    copied: { text: ({ model }) => model },
  },
  quality: {
    title: 'quality',
    align: 'right',
    min: 11,
    sort: { letter: 'Q', key: ({ stats }) => stats?.qualityScore ?? null },
    cell({ stats }, style) {
      const interval = stats?.qualityInterval;
      return interval === undefined
        ? styled(stats === undefined ? plain(nothing, style) : tooFew, 'muted')
        : styled(plain(formatInterval(interval), style), undefined, true);
    },
    copied: { text: ({ stats }) => `quality ${formatQuality(stats?.qualityScore ?? null)}` },
  },
  calls: {
    title: 'calls',
    align: 'right',
    drop: 3,
    sort: { letter: 'A', key: ({ stats }) => stats?.callCount ?? 0 },
    cell: ({ stats }) => styled(formatCount(stats?.callCount ?? 0), 'muted'),
    copied: { text: ({ stats }) => `${formatCount(stats?.callCount ?? 0)} calls` },
  },
  cost: {
    title: '$/k calls',
    align: 'right',
    drop: 1,
    sort: {
      letter: 'C',
      key: (row) => thousandOf(row),
      ascending: true,
    },
    dollars: (row) => thousandOf(row),
    cell: (row, style, _, __, decimals) => {
      const cost = thousandOf(row);
      return styled(cost === null ? plain(nothing, style) : formatAmountIn(cost, decimals));
    },
  },
  share: {
    title: 'share',
    align: 'right',
    drop: 2,
    sort: { letter: 'H', key: ({ stats }) => stats?.share ?? 0 },
    cell: ({ stats }) => styled(formatPart(stats?.share ?? 0, 1), 'muted'),
  },
  why: {
    title: 'why',
    cut: { where: 'end', atLeast: 10 },
    drop: 4,
    stretch: true,
    cell: ({ candidate }, style, { isKnown }) =>
      styled(
        style.clean(plain(candidate?.reason ?? (isKnown ? notSetUp : ''), style)),
        candidate?.rank === 1 ? 'good' : 'muted',
      ),
  },
};

const notSetUp = 'not among the models that are set up now';

/** Dollars per 1,000 own calls: what the window says, else what routing expects. */
function thousandOf({ stats, candidate }: CandidateRow): number | null {
  const cost = stats?.averageCostUsd ?? candidate?.profile.avgCostUsd;
  return cost !== undefined && Number.isFinite(cost) ? 1000 * cost : null;
}
