import { problemMeanwhile } from '../../domain/database-problem.ts';
import { formatMoment } from '../format/index.ts';
import type { DataStatus } from '../state/state.ts';

/** What is the matter with the database, in one sentence; nothing while all is well. */
export function dataStatusSentence(
  data: DataStatus,
  path: string,
  hasInsight: boolean,
): string | undefined {
  switch (data.status) {
    case 'loading':
    case 'empty': {
      return undefined;
    }
    case 'ready': {
      if (data.offlineSince !== undefined) {
        return `${path} does not answer since ${formatMoment(data.offlineSince)}: these are its last numbers.`;
      }
      return data.newerSchema === undefined
        ? undefined
        : `${path} was written by a newer version: only what this one knows is said.`;
    }
    case 'missing': {
      return hasInsight
        ? problemMeanwhile(data, path)
        : `There is no history yet in ${path}. Start a run with: orchestrator run`;
    }
    case 'locked':
    case 'not-a-database':
    case 'failed': {
      return problemMeanwhile(data, path);
    }
  }
}

/** The problem that begins or ends between two snapshots: said once each. */
export function dataStatusChanges(
  before: DataStatus,
  after: DataStatus,
  path: string,
  hadInsight: boolean,
): string[] {
  if (kindOf(before) === kindOf(after)) return [];
  const begun = dataStatusSentence(after, path, hadInsight);
  if (begun !== undefined) return [begun];
  return [
    kindOf(before) === 'newer'
      ? `${path} is not of a newer version any more.`
      : `${path} can be read now.`,
  ];
}

function kindOf(data: DataStatus): string {
  if (data.status === 'ready' && data.offlineSince !== undefined) return 'offline';
  if (data.status === 'ready') return data.newerSchema === undefined ? 'well' : 'newer';
  return data.status === 'empty' || data.status === 'loading' ? 'well' : data.status;
}
