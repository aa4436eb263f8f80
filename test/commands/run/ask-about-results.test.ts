import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { questionsAbout } from '../../../source/commands/run/ask-about-results.ts';
import { runEvents, runState } from '../../support/runs.ts';

const state = runState(runEvents('p-7f3a'));
const terminal = Object.assign(new PassThrough(), { isTTY: true }) as unknown as NodeJS.ReadStream &
  NodeJS.WriteStream;
const pipe = new PassThrough() as unknown as NodeJS.ReadStream & NodeJS.WriteStream;
const place = { stdin: terminal, stdout: terminal, environment: {} };

describe('the end of a run', () => {
  it('asks about those of its results that were picked, with the command that answers', () => {
    const [first, ...others] = questionsAbout(state, 1, place);
    expect(first).toMatch(/^Was t\d+ good\? Picked at random: orchestrator outcome p-7f3a\/t\d+ /);
    expect(first).toContain('good --sampled 1 (or bad)');
    expect(others.at(-1)).toMatch(/^\d+ more were picked: orchestrator outcome asks about them\.$/);
    expect(others).toHaveLength(3);
  });

  it('asks nothing where nobody reads it, or nobody wants to be asked', () => {
    expect(questionsAbout(state, 0, place)).toEqual([]);
    expect(questionsAbout(state, 1, { ...place, stdout: pipe })).toEqual([]);
    expect(questionsAbout(state, 1, { ...place, stdin: pipe })).toEqual([]);
    expect(questionsAbout(state, 1, { ...place, environment: { CI: 'true' } })).toEqual([]);
    expect(questionsAbout(state, 1, { ...place, environment: { CI: 'false' } })).not.toEqual([]);
  });
});
