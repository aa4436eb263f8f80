import type { CandidateAssessment } from '../domain/routing-decision.ts';
import type { TaskType } from '../domain/task-type.ts';
import { constantDefaults } from './defaults.ts';
import type { ProfileStore } from './profile-store.ts';
import { exclusionReasons } from './reasons.ts';

/** What the history knows of a task type's models that nobody offers now. */
export function unconfiguredOf(
  profiles: Pick<ProfileStore, 'unconfigured'>,
  taskType: TaskType,
): CandidateAssessment[] {
  return profiles.unconfigured
    .filter((cell) => cell.taskType === taskType)
    .map((history) => ({
      model: history.model,
      provider: '',
      default: {
        qualityScore: constantDefaults.qualityScore,
        avgCostUsd: history.profile.avgCostUsd,
        source: 'constants',
      },
      history: { ...history.profile, effectiveCalls: history.effectiveCalls },
      historyWeight: 0,
      runCalls: 0,
      profile: history.profile,
      excluded: 'not-configured',
      reason: exclusionReasons['not-configured'],
    }));
}
