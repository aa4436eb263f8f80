import { describe, expect, it } from 'vitest';
import { withRecordedRuns } from '../../../source/commands/dashboard/recorded-runs.ts';
import { OrchestratorError } from '../../../source/domain/errors.ts';
import { emptyRunState, type RunState } from '../../../source/domain/run-state.ts';

const none = (): never => {
  throw new OrchestratorError('no-journal', 'There is none.');
};

/** An archive without journals over a history, and a promise that it has told of news. */
function opened(readRecorded: (projectId: string) => Promise<RunState | undefined>) {
  const archive = withRecordedRuns({ list: () => [], read: none }, readRecorded);
  const news = new Promise<void>((resolve) => archive.onNews?.(resolve));
  return { archive, news };
}

describe('a run without a journal', () => {
  it('is shown as the history has it, once that was read, and says so', async () => {
    const state = emptyRunState('old');
    state.elsewhere = { taskCount: 3, doneCount: 2 };
    const { archive, news } = opened(async () => state);
    expect(() => archive.read('old', 0)).toThrow('Looking for old in the history.');
    await news;
    const read = archive.read('old', 0);
    expect(read.state.elsewhere).toEqual({ taskCount: 3, doneCount: 2, hasNoJournal: true });
    expect(read.report.overview.elsewhere).toMatchObject({ hasNoJournal: true });
  });

  it.each([
    ['has nothing of it', async () => undefined],
    ['cannot be read', () => Promise.reject(new Error('locked'))],
  ])('has no journal, and no more, where the history %s', async (_, readRecorded) => {
    const { archive, news } = opened(readRecorded);
    expect(() => archive.read('gone', 0)).toThrow('Looking for gone');
    await news;
    expect(() => archive.read('gone', 0)).toThrow(expect.objectContaining({ code: 'no-journal' }));
  });

  it('is looked for by any name that another program gave it', async () => {
    const name = 'imported/2026 № 7';
    const { archive, news } = opened(async (projectId) => emptyRunState(projectId));
    expect(() => archive.read(name, 0)).toThrow('Looking for');
    await news;
    expect(archive.read(name, 0).state.projectId).toBe(name);
  });
});
