import { expect, it } from 'vitest';
import { defined } from '../../source/domain/defined.ts';

it('keeps the fields that have a value, whatever it is, and leaves out the others', () => {
  const fields: { a?: number | undefined; b?: string | undefined; c: null } = {
    a: 0,
    b: undefined,
    c: null,
  };
  expect(Object.entries(defined(fields))).toEqual([
    ['a', 0],
    ['c', null],
  ]);
});

it('leaves what it was given as it was', () => {
  const fields = { a: undefined };
  defined(fields);
  expect('a' in fields).toBe(true);
});
