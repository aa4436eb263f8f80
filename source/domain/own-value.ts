/**
 * What a record holds under a name that a user or a server chose: `constructor` and `__proto__` are names
 * like any other, and no record has them unless somebody put them there.
 */
export function ownValue<Value>(
  record: Readonly<Partial<Record<string, Value>>> | undefined,
  name: string,
): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
