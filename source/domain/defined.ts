/** The fields that may be missing, each without `undefined` among its values. */
export type Defined<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/**
 * Those fields that have a value: `{ ...defined({ score }) }` has no `score` where it is undefined, which
 * an optional field, being there or not, must not hold.
 */
export function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  // Copied rather than deleted from: objects that lose a field become slow to make and to read.
  const kept: Defined<Fields> = {};
  for (const name in fields) {
    const value = fields[name];
    if (hasValue(value)) kept[name] = value;
  }
  return kept;
}

function hasValue<Value>(value: Value): value is Exclude<Value, undefined> {
  return value !== undefined;
}

/** The same with other fields in place of some; what is worked out when it is asked for stays so, in either. */
export function withFields<Fields extends object>(all: Fields, others: Partial<Fields>): Fields {
  const made: Fields = Object.create(Object.prototype, Object.getOwnPropertyDescriptors(all));
  return Object.defineProperties(made, Object.getOwnPropertyDescriptors(others));
}
