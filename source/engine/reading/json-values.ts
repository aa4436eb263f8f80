import { scanJson } from './json-scan.ts';

/** A JSON object or array that stands in a text, with its place. */
export type JsonInText = {
  value: unknown;
  /** As it is written. */
  source: string;
  start: number;
  end: number;
  /** Braces that are not JSON stand around it: it is a part of something that cannot be read. */
  enclosed: boolean;
  /** A brace before it that is not JSON is still open: it may be a part of something broken off. */
  afterOpenBrace: boolean;
};

/**
 * The strict JSON objects and arrays in a text, whatever stands around them, in their order; never
 * one that is inside another. Linear: what is not JSON is passed over up to where it stops being so.
 */
export function jsonValuesIn(text: string): JsonInText[] {
  const found: Omit<JsonInText, 'enclosed'>[] = [];
  const braces = createBraces();
  const bracket = /[{}[]/g;
  for (let match = bracket.exec(text); match !== null; match = bracket.exec(text)) {
    const start = match.index;
    if (match[0] === '}') {
      braces.close(found.length);
      continue;
    }
    const scan = scanJson(text, start);
    if (scan.ok) {
      const source = text.slice(start, scan.end);
      found.push({
        value: JSON.parse(source),
        source,
        start,
        end: scan.end,
        afterOpenBrace: braces.anyOpen(),
      });
      bracket.lastIndex = scan.end;
    } else {
      for (let count = 0; count < scan.openObjects; count += 1) braces.open(found.length);
      bracket.lastIndex = scan.failedAt;
    }
  }
  const enclosed = braces.enclosed(found.length);
  return found.map((entry, index) => ({ ...entry, enclosed: enclosed[index] === true }));
}

/** Which of the values found so far lie between braces that belong to no JSON. */
function createBraces() {
  /** Per open brace, how many values were found before it. */
  const opened: number[] = [];
  let firstOpened: number | undefined;
  /** How many pairs begin (+) and end (−) before the value at an index. */
  const changes = new Map<number, number>();
  const change = (index: number, by: number): void => {
    changes.set(index, (changes.get(index) ?? 0) + by);
  };
  return {
    anyOpen: () => opened.length > 0,
    open(valuesBefore: number): void {
      opened.push(valuesBefore);
      firstOpened ??= valuesBefore;
    },
    close(valuesBefore: number): void {
      // One brace too many: it may belong to any that were opened before.
      const from = opened.pop() ?? firstOpened ?? valuesBefore;
      if (from === valuesBefore) return;
      change(from, 1);
      change(valuesBefore, -1);
    },
    enclosed(count: number): boolean[] {
      let depth = 0;
      return Array.from({ length: count }, (_, index) => {
        depth += changes.get(index) ?? 0;
        return depth > 0;
      });
    },
  };
}
