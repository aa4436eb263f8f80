/** In characters; no record of one line takes that. */
export const maxLineLength = 1_000_000;

/**
 * Takes a text line by line, without the ends of lines; undefined stands for a line that is too long, which is
 * never held in memory. `pause` is called between pieces, and ends the reading by answering false.
 */
export async function readTextLines(
  pieces: AsyncIterable<string>,
  take: (text: string | undefined, line: number) => void,
  pause?: () => Promise<boolean>,
): Promise<void> {
  let line = 1;
  let rest = '';
  /** Whether the rest of the line that is being read is passed over. */
  let isTooLong = false;
  const end = (text: string): void => {
    take(isTooLong || text.length > maxLineLength ? undefined : text, line);
    isTooLong = false;
    rest = '';
    line += 1;
  };
  for await (const piece of pieces) {
    let start = 0;
    for (;;) {
      const stop = piece.indexOf('\n', start);
      if (stop < 0) break;
      end(rest + piece.slice(start, stop));
      start = stop + 1;
    }
    if (!isTooLong) rest += piece.slice(start);
    if (rest.length > maxLineLength) {
      isTooLong = true;
      rest = '';
    }
    if (pause !== undefined && !(await pause())) return;
  }
  if (isTooLong || rest !== '') end(rest);
}
