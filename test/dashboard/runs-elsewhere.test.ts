import { describe, expect, it } from 'vitest';
import { reportOf } from '../../source/commands/shared/shared-runs.ts';
import { digestOf } from '../../source/domain/run-report.ts';
import { sharedRunOf, stateOfShared } from '../../source/domain/shared-run.ts';
import { runHeadLines } from '../../source/dashboard/panes/run-head.ts';
import { createRunRegistry } from '../../source/dashboard/screen-reader/run-registry.ts';
import { runLines } from '../../source/dashboard/screen-reader/run-lines.ts';
import { textRows } from '../../source/dashboard/state/task-texts.ts';
import { drawTable } from '../../source/dashboard/tables/table.ts';
import { runs, runsOfThisMachine, type RunRow } from '../../source/dashboard/tables/runs.ts';
import { renderStyleOf, type Line } from '../../source/dashboard/theme/index.ts';
import { someNow } from '../support/insight.ts';
import { runStory } from '../support/run-story.ts';
import { runState } from '../support/runs.ts';

const style = renderStyleOf({ theme: 'plain', depth: 1, ascii: false });
const textOf = (line: Line): string => line.map(({ text }) => text).join('');
const own = runState(runStory());
const elsewhere = stateOfShared(sharedRunOf(own, { machine: 'build-07', now: someNow }));
const headOf = (run: typeof own): string =>
  runHeadLines(run, someNow, 120, style).map(textOf).join('\n');

describe('a run on another machine', () => {
  it('is shown as far as it is as one of this machine, and says where it runs', () => {
    const head = headOf(elsewhere);
    expect(head).toContain(headOf(own).split('\n')[0]?.trimEnd());
    expect(head).toContain('on build-07: what was written stays there');
    expect(headOf(own)).not.toContain('stays there');
  });

  it('is not offered to be resumed from here', () => {
    const dead = { ...elsewhere, lastEventAt: someNow - 5000 };
    expect(headOf(dead)).toMatch(/no sign of life[^]*stale for/);
    expect(headOf(dead)).not.toContain('--resume');
    expect(headOf({ ...own, lastEventAt: someNow - 5000 })).toContain('--resume');
  });

  it('has its machine beside those of this one', () => {
    const row = (run: typeof own): RunRow => ({
      ...digestOf(run),
      projectId: run.projectId,
      status: 'running',
      live: run,
      ...(run.elsewhere && { elsewhere: run.elsewhere }),
    });
    const rows = [row(own), row(elsewhere)];
    const draw = (columns: typeof runs): string[] => {
      const table = drawTable(columns, { rows, facts: { now: someNow }, style, width: 150 });
      return [table.head, ...rows.map((one) => table.line(one, {}))].map(textOf);
    };
    expect(draw(runs)[0]).toContain('machine');
    expect(draw(runs)[1]).toContain('this one');
    expect(draw(runs)[2]).toContain('build-07');
    expect(draw(runsOfThisMachine)[0]).not.toContain('machine');
  });

  it('has attempts, models, scores and costs in its tasks, and of its texts where they are', () => {
    const { tasks, journal, resultsFolder } = reportOf(elsewhere, someNow);
    expect([journal, resultsFolder]).toEqual([null, null]);
    const task = tasks.find(({ taskId }) => taskId === 'limiter');
    expect(task).toMatchObject({
      model: 'deepseek-chat',
      attempts: [
        { model: 'deepseek-chat', score: 0.71 },
        { model: 'deepseek-chat', score: 0.93 },
      ],
    });
    if (task === undefined) throw new Error('there is no such task');
    expect(textRows(task, 80).map(({ text }) => text)).toContain(
      'It runs, or ran, on build-07: what was written stays there.',
    );
  });

  it('is spoken of where it is asked for, and never announced', () => {
    expect(runLines([elsewhere]).join('\n')).toContain(`${own.projectId}, on build-07:`);
    const registry = createRunRegistry();
    registry.see([own, { ...elsewhere, projectId: 'other' }]);
    expect(registry.take().map(({ run }) => run.projectId)).toEqual([own.projectId]);
  });
});
