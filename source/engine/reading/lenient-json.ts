/**
 * JSON as models write it when they slip: line breaks and unknown escapes in strings, quotes inside them,
 * single or curly quotes, missing or surplus commas, comments, names without quotes, Python's words.
 * One pass, so linear; nesting is bounded.
 */
export function parseLeniently(
  text: string,
  start: number,
): { ok: true; value: unknown; end: number } | { ok: false; failedAt: number } {
  const reader = createReader(text, start);
  try {
    return { ok: true, value: reader.value(0), end: reader.at() };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, failedAt: reader.at() };
    throw error;
  }
}

class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

function fail(): never {
  throw new Unreadable('not JSON');
}

const deepest = 100;

const closingQuotes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '“': '”',
  '‘': '’',
  '„': '“',
  '«': '»',
};

const words: Readonly<Record<string, unknown>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  null: null,
  None: null,
  undefined: null,
  NaN: null,
};

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
  '\n': '',
};

function createReader(text: string, start: number) {
  let at = start;

  /** Blanks and comments. */
  function skip(): void {
    for (;;) {
      blank.lastIndex = at;
      blank.test(text);
      at = blank.lastIndex;
      if (text.startsWith('//', at) || text[at] === '#') at = after(text.indexOf('\n', at), 1);
      else if (text.startsWith('/*', at)) at = after(text.indexOf('*/', at + 2), 2);
      else return;
    }
  }

  const after = (index: number, length: number): number =>
    index === -1 ? text.length : index + length;

  function value(depth: number): unknown {
    if (depth > deepest) fail();
    skip();
    const character = text[at] ?? fail();
    if (character === '{') return object(depth);
    if (character === '[') return array(depth);
    if (closingQuotes[character] !== undefined) return string(character);
    return scalar();
  }

  function object(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    at += 1;
    for (;;) {
      skipCommas();
      if (text[at] === '}') {
        at += 1;
        return Object.fromEntries(entries);
      }
      const key = name();
      skip();
      if (text[at] !== ':') fail();
      at += 1;
      entries.push([key, value(depth + 1)]);
    }
  }

  function array(depth: number): unknown[] {
    const items: unknown[] = [];
    at += 1;
    for (;;) {
      skipCommas();
      if (text[at] === ']') {
        at += 1;
        return items;
      }
      // "…" for more of the same.
      if (text.startsWith('...', at)) at += 3;
      else items.push(value(depth + 1));
    }
  }

  function skipCommas(): void {
    skip();
    while (text[at] === ',') {
      at += 1;
      skip();
    }
  }

  function name(): string {
    const character = text[at] ?? fail();
    if (closingQuotes[character] !== undefined) return string(character);
    identifier.lastIndex = at;
    const [found] = identifier.exec(text) ?? fail();
    at = identifier.lastIndex;
    return found;
  }

  function scalar(): unknown {
    plain.lastIndex = at;
    const [found] = plain.exec(text) ?? fail();
    at = plain.lastIndex;
    if (Object.hasOwn(words, found)) return words[found];
    const number = Number(found);
    return Number.isFinite(number) ? number : fail();
  }

  function string(opening: string): string {
    const closing = closingQuotes[opening] ?? opening;
    const parts: string[] = [];
    at += 1;
    for (;;) {
      const from = at;
      while (at < text.length && text[at] !== closing && text[at] !== '\\') at += 1;
      parts.push(text.slice(from, at));
      if (at >= text.length) fail();
      if (text[at] === '\\') parts.push(escaped());
      else if (endsString(at + 1)) {
        at += 1;
        return parts.join('');
      } else {
        parts.push(closing);
        at += 1;
      }
    }
  }

  /** A quote ends its string where what follows goes on with the structure. */
  function endsString(from: number): boolean {
    blank.lastIndex = from;
    blank.test(text);
    const next = text[blank.lastIndex];
    return (
      next === undefined ||
      ',:}]/#'.includes(next) ||
      (next in closingQuotes && blank.lastIndex > from)
    );
  }

  function escaped(): string {
    const character = text[at + 1] ?? fail();
    if (character === 'u') {
      const code = /^[\dA-Fa-f]{4}/.exec(text.slice(at + 2, at + 6))?.[0];
      if (code !== undefined) {
        at += 6;
        return String.fromCharCode(Number.parseInt(code, 16));
      }
    }
    at += 2;
    return escapes[character] ?? `\\${character}`;
  }

  return { value, at: () => at };
}

const blank = /[\s\u200B\uFEFF]*/y;
const identifier = /[\p{L}_$][\p{L}\p{N}_$-]*/uy;
const plain = /[-+\w.]+/y;
