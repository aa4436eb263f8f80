/**
 * A strict JSON object or array that begins at `start`: where it ends, or where it stops being one.
 * One pass without recursion, so its time is linear and any depth goes.
 */
export function scanJson(
  text: string,
  start: number,
): { ok: true; end: number } | { ok: false; failedAt: number; openObjects: number } {
  /** Closing brackets that are waited for. */
  const closers: string[] = [];
  let expecting: Expecting = 'value';
  let at = start;
  for (;;) {
    at = skipSpace(text, at);
    const character = text[at];
    const next: Step | undefined =
      character === undefined ? undefined : step(text, at, { character, expecting, closers });
    if (next === undefined || next.at < 0) {
      const failedAt = next === undefined ? at : -next.at;
      return {
        ok: false,
        failedAt: Math.max(failedAt, start + 1),
        openObjects: closers.filter((closer) => closer === '}').length,
      };
    }
    ({ at, expecting } = next);
    if (closers.length === 0) return { ok: true, end: at };
  }
}

type Expecting = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end';
/** A negative `at` is where it failed. */
type Step = { at: number; expecting: Expecting };

function step(
  text: string,
  at: number,
  state: { character: string; expecting: Expecting; closers: string[] },
): Step | undefined {
  const { character, expecting, closers } = state;
  if (character === closers.at(-1)) {
    if (expecting === 'value' || expecting === 'key' || expecting === 'colon') return undefined;
    closers.pop();
    return { at: at + 1, expecting: 'comma-or-end' };
  }
  switch (expecting) {
    case 'colon':
      return character === ':' ? { at: at + 1, expecting: 'value' } : undefined;
    case 'comma-or-end': {
      const inObject = closers.at(-1) === '}';
      return character === ',' ? { at: at + 1, expecting: inObject ? 'key' : 'value' } : undefined;
    }
    case 'key':
    case 'key-or-end':
      return character === '"' ? { at: endOfString(text, at), expecting: 'colon' } : undefined;
    case 'value':
    case 'value-or-end':
      return stepValue(text, at, character, closers);
  }
}

function stepValue(
  text: string,
  at: number,
  character: string,
  closers: string[],
): Step | undefined {
  if (character === '{') {
    closers.push('}');
    return { at: at + 1, expecting: 'key-or-end' };
  }
  if (character === '[') {
    closers.push(']');
    return { at: at + 1, expecting: 'value-or-end' };
  }
  if (character === '"') return { at: endOfString(text, at), expecting: 'comma-or-end' };
  scalar.lastIndex = at;
  return scalar.test(text) ? { at: scalar.lastIndex, expecting: 'comma-or-end' } : undefined;
}

const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;
/** A closing quote, an escape, or a control character, which JSON does not allow. */
const stringEnd = new RegExp(String.raw`["\\\0-\x1F]`, 'g');
const escape = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;

/** Just after the closing quote; negative: where the string is none. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; ;) {
    stringEnd.lastIndex = at;
    const found = stringEnd.exec(text);
    if (found === null) return -text.length;
    if (found[0] === '"') return found.index + 1;
    escape.lastIndex = found.index;
    if (!escape.test(text)) return -found.index;
    at = escape.lastIndex;
  }
}

function skipSpace(text: string, start: number): number {
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at += 1;
  }
}
