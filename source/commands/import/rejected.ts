/** A line that was not taken, and why. */
export type RejectedLine = { line: number; reason: string };

/** Lines that are named one by one; of all others their number is known, by reason. */
const maxNamed = 100;
const maxReasons = 50;

/** What was not taken of a file, in bounded memory however many lines there are. */
export type Rejected = {
  add(line: number, reason: string): void;
  readonly count: number;
  /** The first ones. */
  readonly lines: readonly RejectedLine[];
  /** Those after them, the most common reasons first. */
  others(): { reason: string; count: number; firstLine: number; lastLine: number }[];
};

export function createRejected(): Rejected {
  const lines: RejectedLine[] = [];
  const more = new Map<string, { count: number; firstLine: number; lastLine: number }>();
  let count = 0;
  return {
    add(line, reason) {
      count += 1;
      if (lines.length < maxNamed) {
        lines.push({ line, reason });
        return;
      }
      const kind = kindOf(reason);
      const known = more.get(kind) ?? more.get(rest);
      if (known !== undefined && (more.has(kind) || more.size >= maxReasons)) {
        known.count += 1;
        known.lastLine = line;
      } else {
        more.set(more.size < maxReasons - 1 ? kind : rest, {
          count: 1,
          firstLine: line,
          lastLine: line,
        });
      }
    },
    get count() {
      return count;
    },
    lines,
    others: () =>
      [...more]
        .map(([reason, of]) => ({ reason, ...of }))
        .toSorted((one, other) => other.count - one.count),
  };
}

const rest = 'other reasons';

/** The same reason with other values is one kind. */
const kindOf = (reason: string): string =>
  reason
    .replaceAll(/"(?:[^"\\]|\\.)*(?:"|…$)/g, '"…"')
    .replaceAll(/[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, 'N');
