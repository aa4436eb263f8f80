import { describe, expect, it } from 'vitest';
import { compareCommand, shellWord } from '../../source/domain/command-lines.ts';

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
