import { describe, expect, it } from 'vitest';
import { sortRows } from '../../../source/dashboard/tables/table.ts';
import { ranking } from '../../support/insight.ts';

describe('the rankings', () => {
  const rows = [
    ranking('b-hot', { quality: 0.7, costUsd: 0.01, calls: 60 }),
    ranking('a-cold', { quality: 0.99, costUsd: 0.01, calls: 9 }),
    ranking('c-warm', { quality: 0.8, costUsd: 0.01, calls: 20 }),
  ];
  const by = (column: string, descending: boolean): string[] =>
    sortRows('rankings', rows, { column, descending }).map(({ model }) => model);

  it('have models of which little is known behind the others, either way', () => {
    expect(by('quality', true)).toEqual(['c-warm', 'b-hot', 'a-cold']);
    expect(by('quality', false)).toEqual(['b-hot', 'c-warm', 'a-cold']);
  });

  it('have them in their place by name, which bears a comparison', () => {
    expect(by('model', false)).toEqual(['a-cold', 'b-hot', 'c-warm']);
  });
});
