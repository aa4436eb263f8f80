import { expect, it } from 'vitest';
import { textRows } from '../../../source/dashboard/state/task-texts.ts';
import type { AttemptReport } from '../../../source/domain/run-report.ts';
import { runStory } from '../../support/run-story.ts';
import { runReport, runState } from '../../support/runs.ts';

const [task] = runReport(runState(runStory())).tasks;
if (task === undefined) throw new Error('there is no task');
const shownOf = (change: Partial<AttemptReport>): string => {
  const attempts = task.attempts.map((attempt) => {
    const bare = { ...attempt, ...change };
    if (change.answer === undefined) delete bare.answer;
    return bare;
  });
  return textRows({ ...task, attempts }, 80)
    .map(({ text }) => text)
    .join('\n');
};

it('says of an answer that was scored and is not there that it was not kept', () => {
  expect(shownOf({ score: 0.9, failed: false })).toContain('What it wrote is not kept here.');
});

it('says nothing of the kind where nothing was scored, or the answer is there', () => {
  expect(shownOf({ score: null, failed: true })).not.toContain('not kept');
  expect(shownOf({ score: 0.9, failed: false, answer: 'Done.' })).not.toContain('not kept');
});
