import { describe, expect, it } from 'vitest';
import {
  commandIn,
  compareCommand,
  shellWord,
  withCommandFlags,
} from '../../source/domain/command-lines.ts';
import type { Recommendation } from '../../source/domain/insight.ts';
import { mockInsight } from '../support/insight.ts';

const names = { model: 'large', alternative: 'small', taskType: 'code_review' };

describe('a word of a command line', () => {
  it('is quoted where a shell would take it for something else', () => {
    expect(shellWord('vendor/model:7b@2')).toBe('vendor/model:7b@2');
    expect(shellWord('my type')).toBe("'my type'");
    expect(shellWord("it's $HOME")).toBe(String.raw`'it'\''s $HOME'`);
    expect(shellWord('')).toBe("''");
  });
});

describe('the command that settles an advice', () => {
  it('needs no limits where the usual ones are enough', () => {
    expect(compareCommand(names, { tasks: 60, costUsd: 0.4 })).toBe(
      'orchestrator compare large small --type code_review',
    );
  });

  it('has room for as many tasks and as much money as it is likely to take', () => {
    expect(compareCommand(names, { tasks: 400, costUsd: 9 })).toBe(
      'orchestrator compare large small --type code_review --tasks 400 --budget 14',
    );
  });
});

describe('the commands of an insight', () => {
  const message = 'small may do as well: orchestrator compare large small --type code_review';
  const insight = {
    ...mockInsight(),
    recommendations: [
      { kind: 'promising', ...names, evidence: { n: 40 }, message },
      { kind: 'declining', ...names, evidence: { n: 40 }, message: 'large is declining' },
    ] satisfies Recommendation[],
    get learningCurve(): never {
      throw new Error('nobody asked for it');
    },
  };

  it('name the history that it is of, and nothing else of it is touched', () => {
    const told = withCommandFlags(insight, '--simulate');
    expect(told.recommendations.map((one) => commandIn(one.message))).toEqual([
      'orchestrator compare large small --type code_review --simulate',
      undefined,
    ]);
    expect(told.summary).toBe(insight.summary);
    expect(() => told.learningCurve).toThrow('nobody asked for it');
  });

  it('are as they are in the history of the user', () => {
    expect(withCommandFlags(insight, '')).toBe(insight);
  });
});
