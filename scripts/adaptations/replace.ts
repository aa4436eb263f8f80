/** Replaces what must be there exactly once: a new version of the library must not be adapted wrongly. */
export function replaceOnce(code: string, from: string, to: string): string {
  if (code.split(from).length !== 2) throw new Error(`not found exactly once: ${from}`);
  return code.replace(from, () => to);
}

export function replaceEach(code: string, changes: readonly [from: string, to: string][]): string {
  return changes.reduce((text, [from, to]) => replaceOnce(text, from, to), code);
}
