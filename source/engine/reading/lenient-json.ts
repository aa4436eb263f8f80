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

  function skip(): void {
    at = afterBlanks(text, at);
  }

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
    const read = readString(text, { from: at + 1, closing: closingQuotes[opening] ?? opening });
    at = read?.end ?? text.length;
    return read?.value ?? fail();
  }

  return { value, at: () => at };
}

/** The place after blanks and comments. */
function afterBlanks(text: string, from: number): number {
  for (let at = from; ;) {
    blank.lastIndex = at;
    blank.test(text);
    at = blank.lastIndex;
    const isLine = text.startsWith('//', at) || text[at] === '#';
    if (!isLine && !text.startsWith('/*', at)) return at;
    const mark = isLine ? '\n' : '*/';
    const found = text.indexOf(mark, at + (isLine ? 0 : 2));
    at = found === -1 ? text.length : found + mark.length;
  }
}

/** A string from after its opening quote on; undefined for one without an end. */
function readString(
  text: string,
  { from, closing }: { from: number; closing: string },
): { value: string; end: number } | undefined {
  const parts: string[] = [];
  let at = from;
  for (;;) {
    const start = at;
    while (at < text.length && text[at] !== closing && text[at] !== '\\') at += 1;
    parts.push(text.slice(start, at));
    if (at >= text.length) return undefined;
    if (text[at] === '\\') {
      const escape = readEscape(text, at);
      if (escape === undefined) return undefined;
      parts.push(escape.value);
      at = escape.end;
    } else if (endsString(text, at + 1)) {
      return { value: parts.join(''), end: at + 1 };
    } else {
      parts.push(closing);
      at += 1;
    }
  }
}

/** A quote ends its string where what follows goes on with the structure. */
function endsString(text: string, from: number): boolean {
  blank.lastIndex = from;
  blank.test(text);
  const next = text[blank.lastIndex];
  return (
    next === undefined ||
    ',:}]/#'.includes(next) ||
    (next in closingQuotes && blank.lastIndex > from)
  );
}

/** What a backslash and what follows it mean; undefined at the end of the text. */
function readEscape(text: string, at: number): { value: string; end: number } | undefined {
  const character = text[at + 1];
  if (character === undefined) return undefined;
  const code =
    character === 'u' ? /^[\dA-Fa-f]{4}/.exec(text.slice(at + 2, at + 6))?.[0] : undefined;
  if (code !== undefined) {
    return { value: String.fromCharCode(Number.parseInt(code, 16)), end: at + 6 };
  }
  return { value: escapes[character] ?? `\\${character}`, end: at + 2 };
}

const blank = /[\s\u200B\uFEFF]*/y;
const identifier = /[\p{L}_$][\p{L}\p{N}_$-]*/uy;
const plain = /[-+\w.]+/y;
