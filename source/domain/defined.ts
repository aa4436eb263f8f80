/** The fields that may be missing, each without `undefined` among its values. */
export type Defined<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/**
 * Those fields that have a value: `{ ...defined({ score }) }` has no `score` where it is undefined, which
 * an optional field, being there or not, must not hold.
 */
export function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  const kept: Defined<Fields> = { ...fields };
  for (const name in kept) {
    if (kept[name] === undefined) delete kept[name];
  }
  return kept;
}
