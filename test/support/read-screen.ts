/** A pane as somebody reads it: its title, the note at the right of it, and the lines in its frame. */
export type ReadPane = { title: string; lines: string[] };

/** The pane whose title begins so; undefined where the screen has none. */
export function paneOf(screen: readonly string[], title: string): ReadPane | undefined {
  for (const [row, line] of screen.entries()) {
    const at = line.indexOf(`╭ ${title}`);
    if (at === -1) continue;
    const end = line.indexOf('╮', at);
    const lines: string[] = [];
    for (const below of screen.slice(row + 1)) {
      if (below[at] === '╰') break;
      lines.push(below.slice(at + 1, end));
    }
    return {
      title: line
        .slice(at + 1, end)
        .replaceAll('─', ' ')
        .trim(),
      lines,
    };
  }
  return undefined;
}

type Token = { text: string; start: number; end: number };

const tokensOf = (line: string): Token[] =>
  Array.from(line.matchAll(/\S+/g), ({ 0: text, index }) => ({
    text,
    start: index,
    end: index + text.length,
  }));

/** The titles of a head without the letters that sort by them. */
export const unlettered = (head: string): string =>
  head.replaceAll(/\b[A-Z]:(?=\S)/g, '  ').toLowerCase();

/**
 * The rows of a table by the titles of its columns: what ends or begins where a title does. Signs in front of a
 * row are left out; a title that is not there, or a cell that is blank, is undefined.
 */
export function tableIn(
  { lines }: ReadPane,
  titles: readonly string[],
): Record<string, string | undefined>[] {
  const bare = lines.map((line) => line.replaceAll(/[▾▴❯]/g, ' '));
  const headAt = bare.findIndex((line) =>
    titles.every((title) => unlettered(line).includes(title)),
  );
  if (headAt === -1) return [];
  const heads = tokensOf(
    (bare[headAt] ?? '').replaceAll(
      /could go to|task type|goes to|of budget|\$\/k calls/gi,
      (text) => text.replaceAll(' ', '_'),
    ),
  ).map((head) => ({ ...head, text: unlettered(head.text).trim() }));
  const rows: Record<string, string | undefined>[] = [];
  for (const line of bare.slice(headAt + 1)) {
    const tokens = tokensOf(line);
    if (tokens.length === 0) break;
    const row: Record<string, string | undefined> = {};
    for (const head of heads) {
      row[head.text] = tokens.find(
        ({ end, start }) => end === head.end || start === head.start,
      )?.text;
    }
    rows.push(row);
  }
  return rows;
}

/** `$1,234.50`, `$0.0041`, `87%`, `1,204` or `0.871` as a number; nothing where there is none. */
export function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const found = /[−-]?[\d,]*\.?\d+/.exec(text)?.[0];
  return found === undefined ? undefined : Number(found.replaceAll(',', '').replace('−', '-'));
}

/** By how much a number that is shown may be off. */
export function roundingOf(text: string): number {
  const decimals = /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
  return 0.5 * 10 ** -decimals * 1.000_001;
}
