import { expect, it } from 'vitest';
import { ownValue } from '../../source/domain/own-value.ts';

it('a name that every object knows is no value of a record, unless somebody put it there', () => {
  for (const name of [...Object.getOwnPropertyNames(Object.prototype), 'other']) {
    expect(ownValue({ a: 1 }, name)).toBeUndefined();
    expect(ownValue(undefined, name)).toBeUndefined();
    expect(ownValue(Object.fromEntries([[name, 1]]), name)).toBe(1);
  }
});
