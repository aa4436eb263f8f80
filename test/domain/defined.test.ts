import { expect, it } from 'vitest';
import { defined, withFields } from '../../source/domain/defined.ts';

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

it('puts fields in place of others and works nothing out that nobody asked for', () => {
  const asked: string[] = [];
  const fields = {
    plain: 1,
    get costly(): number {
      asked.push('costly');
      return 2;
    },
    get named(): string {
      asked.push('named');
      return 'a digest';
    },
  };
  const changed = withFields(fields, {
    plain: 3,
    get named() {
      return `${fields.named} of a run`;
    },
  });
  expect(changed.plain).toBe(3);
  expect(asked).toEqual([]);
  expect(Object.entries(changed)).toEqual([
    ['plain', 3],
    ['costly', 2],
    ['named', 'a digest of a run'],
  ]);
  expect(fields.plain).toBe(1);
});
