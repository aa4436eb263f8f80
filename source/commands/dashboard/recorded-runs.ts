import { OrchestratorError } from '../../domain/errors.ts';
import type { RunState } from '../../domain/run-state.ts';
import type { RunArchive } from '../../dashboard/index.ts';
import { projectIdPattern } from '../../engine/journal/paths.ts';
import { reportOf } from '../shared/shared-runs.ts';

/**
 * The journals of this machine, and of a run without one what the history has of it, read by `readRecorded`: that
 * takes a while, and the listener is called when it is there.
 */
export function withRecordedRuns(
  journals: RunArchive,
  readRecorded: (projectId: string) => Promise<RunState | undefined>,
): RunArchive {
  let asked: { projectId: string; isOver: boolean; state?: RunState | undefined } | undefined;
  let notify: (() => void) | undefined;

  const ask = async (projectId: string): Promise<void> => {
    const asking: NonNullable<typeof asked> = { projectId, isOver: false };
    asked = asking;
    // That a history cannot be read is reported by the reader of its numbers.
    asking.state = await readRecorded(projectId).catch(() => undefined);
    asking.isOver = true;
    if (asked === asking) notify?.();
  };

  return {
    ...journals,
    read(projectId, now) {
      try {
        // What another program recorded may be called as no journal can be.
        if (!projectIdPattern.test(projectId)) throw noJournal(projectId);
        return journals.read(projectId, now);
      } catch (error) {
        if (!(error instanceof OrchestratorError) || error.code !== 'no-journal') throw error;
        if (asked?.projectId !== projectId) void ask(projectId);
        if (asked?.isOver === false) {
          throw new OrchestratorError('no-such-run', `Looking for ${projectId} in the history.`);
        }
        const recorded = asked?.state;
        if (recorded === undefined) throw error;
        const { taskCount, doneCount } = recorded.elsewhere ?? { taskCount: 0, doneCount: 0 };
        const state: RunState = {
          ...recorded,
          elsewhere: { taskCount, doneCount, hasNoJournal: true },
        };
        return { state, report: reportOf(state, now) };
      }
    },
    onNews(listener) {
      notify = listener;
      journals.onNews?.(listener);
    },
  };
}

const noJournal = (projectId: string): OrchestratorError =>
  new OrchestratorError('no-journal', `No journal of ${projectId} is kept here.`);
