import type { Recommendation, RecommendationKind } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import type { Role } from '../theme/palette.ts';
import type { Columns } from './column.ts';

/** The kinds in one word, with how they are meant. */
const kindWords: Record<RecommendationKind, { word: string; role: Role }> = {
  switch: { word: 'switch', role: 'good' },
  promising: { word: 'promising', role: 'accent' },
  declining: { word: 'declining', role: 'bad' },
  improving: { word: 'improving', role: 'good' },
  changed: { word: 'changed', role: 'muted' },
  'needs-data': { word: 'needs data', role: 'muted' },
  unreliable: { word: 'unreliable', role: 'warn' },
};

/** What a piece of advice is about, in one word: by its kind, but where nobody else is to do the work, or it is done. */
export function kindOf({ kind, alternative, inForce }: Recommendation): {
  word: string;
  role: Role;
} {
  if (inForce === true) return { word: 'done', role: 'muted' };
  if (kind === 'promising' && alternative === undefined) return { word: 'reviews', role: 'warn' };
  return kindWords[kind];
}

/** Whether a change of the configuration applies it: what is not firm, or done already, asks for none. */
export const isToApply = ({ kind, inForce }: Recommendation): boolean =>
  inForce !== true && (kind === 'switch' || kind === 'declining' || kind === 'unreliable');

/** What only asks for more data is of no type and no model, and comes after what is. */
const unlessData =
  (key: (advice: Recommendation) => number | string | null) =>
  (advice: Recommendation): number | string | null =>
    advice.kind === 'needs-data' ? null : key(advice);

/** By what advice is sorted; it stands in sentences, not in columns. */
export const recommendations: Columns<Recommendation> = {
  saving: {
    title: 'saving',
    sort: { letter: 'V', key: ({ monthlySavingsUsd }) => monthlySavingsUsd ?? null },
  },
  kind: {
    title: 'kind',
    sort: { letter: 'F', key: unlessData((advice) => kindOf(advice).word), ascending: true },
  },
  taskType: {
    title: 'task type',
    sort: {
      letter: 'Y',
      key: unlessData(({ taskType }) => taskTypeLabel(taskType)),
      ascending: true,
    },
  },
  model: {
    title: 'model',
    sort: { letter: 'M', key: unlessData(({ model }) => model), ascending: true },
  },
  evidence: {
    title: 'tasks',
    sort: { letter: 'K', key: unlessData(({ evidence }) => evidence.n) },
  },
};
