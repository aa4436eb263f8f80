import { toUsd } from '../../domain/nano-dollars.ts';
import type { RunState } from '../../domain/run-state.ts';
import { defaultSupervision, type SupervisionSettings } from '../../domain/supervision.ts';

/** What of a run's money goes to critiques and judgements, and how much of it may. */
export type Supervision = {
  /** In [0, 1]. */
  share(): number;
  /** How many times the ceiling that is; below 1 while it holds. */
  overrun(): number;
  /**
   * Whether the ceiling still holds once so many dollars more have gone to it; always true while the run has
   * hardly begun. `part`: of the ceiling, for what is wanted less than a judgement of every answer.
   */
  hasRoomFor(costUsd: number, part?: number): boolean;
};

/** Before so many tasks are finished a share says nothing. */
const firstTasks = 2;

export function createSupervision(
  { money, results }: Readonly<Pick<RunState, 'money' | 'results'>>,
  { maxShare }: SupervisionSettings = defaultSupervision,
): Supervision {
  const shareWith = (costUsd: number): number => {
    const paid = toUsd(money.byPhase.review + money.byPhase.evaluation) + costUsd;
    const total = toUsd(money.spent) + costUsd;
    return total > 0 ? paid / total : 0;
  };
  return {
    share: () => shareWith(0),
    overrun: () => (maxShare > 0 ? shareWith(0) / maxShare : Infinity),
    hasRoomFor: (costUsd, part = 1) =>
      results.length < firstTasks || shareWith(costUsd) <= part * maxShare || maxShare >= 1,
  };
}
