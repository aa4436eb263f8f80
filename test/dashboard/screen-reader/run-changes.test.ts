import { describe, expect, it } from 'vitest';
import { createRunRegistry } from '../../../source/dashboard/screen-reader/run-registry.ts';
import {
  snapshotsOf,
  runChangesBetween,
  type RunSnapshot,
} from '../../../source/dashboard/screen-reader/run-changes.ts';
import { runEvents, runState } from '../../support/runs.ts';

/** The run after its first `tasks` tasks have finished. */
function after(tasks: number, end?: RunSnapshot['end']): RunSnapshot {
  const [whole] = snapshotsOf([{ run: runState(runEvents()), isListed: true }]);
  if (whole === undefined) throw new Error('One run, one snapshot.');
  return {
    ...whole,
    finished: whole.finished.slice(0, tasks),
    ...(end === undefined ? {} : { end }),
  };
}

describe('of the runs in progress', () => {
  it('nothing is said while nothing happens', () => {
    expect(runChangesBetween([after(3)], [after(3)])).toEqual([]);
  });

  it('a start is said with the project and its budget', () => {
    expect(runChangesBetween([], [after(0)])).toEqual([
      'Run p-7f3a started: Build a rate limiter, budget $8.00.',
    ]);
  });

  it('each finished task is said with its model, score and cost', () => {
    expect(runChangesBetween([after(3)], [after(5)])).toEqual([
      'Run p-7f3a, task 4 of 14, summarize, by deepseek-chat: score 0.89, $0.12, 2 attempts.',
      'Run p-7f3a, task 5 of 14, code_gen, by claude-sonnet: score 0.88, $0.12, 1 attempt, best-effort.',
    ]);
  });

  it('many tasks at once are counted', () => {
    expect(runChangesBetween([after(1)], [after(9)])).toEqual([
      'Run p-7f3a: 8 tasks finished, now 9 of 14, $1.44 spent.',
    ]);
  });

  it('of the run that is watched every task is said', () => {
    const sentences = runChangesBetween([after(0)], [after(9)], 'p-7f3a');
    expect(sentences).toHaveLength(9);
    expect(sentences[7]).toBe(
      'Task 8 of 14, summarize, by claude-sonnet: score 0.00, $0.12, 2 attempts, failed.',
    );
  });

  it('an end is said once, with how it came', () => {
    const ended = after(9, { status: 'budget-exhausted', message: 'The budget is spent.' });
    const told = runChangesBetween([after(9)], [ended]);
    expect(told).toEqual([
      'Run p-7f3a ended, budget-exhausted: 9 of 14 tasks, $1.44 spent. The budget is spent.',
    ]);
    expect(runChangesBetween([ended], [ended])).toEqual([]);
  });

  it('a run that ended and is resumed continues', () => {
    const ended = after(9, { status: 'partial' });
    expect(runChangesBetween([ended], [after(9)])).toEqual([
      'Run p-7f3a continues: Build a rate limiter, budget $8.00.',
    ]);
  });
});

describe('the run registry', () => {
  it('knows how a run ended that left the list as it ended', () => {
    const registry = createRunRegistry();
    const run = runState(runEvents());
    registry.see([run]);
    const before = snapshotsOf(registry.take());
    run.finished = { at: run.lastEventAt, status: 'success', resumable: false };
    registry.see([]);
    expect(runChangesBetween(before, snapshotsOf(registry.take()))).toEqual([
      'Run p-7f3a ended, success: 9 of 14 tasks, $1.44 spent.',
    ]);
    expect(registry.take()).toEqual([]);
  });

  it('says of a run that left without a word that it is stale', () => {
    const registry = createRunRegistry();
    registry.see([runState(runEvents())]);
    const before = snapshotsOf(registry.take());
    registry.see([]);
    expect(runChangesBetween(before, snapshotsOf(registry.take()))).toEqual([
      'Run p-7f3a is stale: 9 of 14 tasks, $1.44 spent.',
    ]);
  });

  it('keeps a run that began and ended while nobody asked', () => {
    const registry = createRunRegistry();
    const run = runState(runEvents());
    registry.see([run]);
    run.finished = { at: run.lastEventAt, status: 'success', resumable: false };
    registry.see([]);
    expect(runChangesBetween([], snapshotsOf(registry.take()))).toHaveLength(3);
  });
});
