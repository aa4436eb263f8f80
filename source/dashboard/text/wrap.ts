import { startOf, widthOf } from './width.ts';

/** A line as it is, or in lines that fit; of a term in capitals, the rest stands below what it means. */
export function fittedLines(line: string, width = Number.POSITIVE_INFINITY): string[] {
  if (widthOf(line) <= width) return [line];
  const indent = /^(?:[A-Z]+ +| +)/.exec(line)?.[0].length ?? 0;
  return wrapText(line.slice(indent), width - indent).map((text, index) =>
    index === 0 ? line.slice(0, indent) + text : ' '.repeat(indent) + text,
  );
}

/** Breaks a text into lines of at most `width` columns, between words where possible. */
export function wrapText(text: string, width: number): string[] {
  if (width <= 0) return [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter(Boolean)) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (widthOf(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (widthOf(line) > width) {
      // A character wider than the room cannot be drawn at all.
      const start = startOf(line, width);
      if (start === '') break;
      lines.push(start);
      line = line.slice(start.length);
    }
    if (widthOf(line) > width) line = '';
  }
  if (line !== '') lines.push(line);
  return lines;
}
