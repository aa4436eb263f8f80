/** Tells whether a place in a text is inside a fenced code block; asked in the order of the text. */
export type Fences = {
  inside: (index: number) => boolean;
  /** Whether the text ends within one. */
  openAtEnd: () => boolean;
  /** What came before `index` is no part of the text: no fence is open there. */
  restartAt: (index: number) => void;
};

const fenceLine = /^ {0,3}(`{3,}|~{3,})([^\n]*)$/;

/** Linear over all questions together. */
export function createFences(text: string): Fences {
  /** Up to where lines were looked at. */
  let at = 0;
  /** Where the line that begins there ends. */
  let lineEnd = endOfLine(text, 0);
  /** The fence that is open there. */
  let open: string | undefined;

  function readLine(): void {
    const line = text.slice(at, Math.min(lineEnd, at + longestFenceLine));
    const [, fence, rest = ''] = fenceLine.exec(line) ?? [];
    if (fence !== undefined) {
      if (open === undefined) {
        // A line with another backtick is inline code.
        if (!fence.startsWith('`') || !rest.includes('`')) open = fence;
      } else if (fence[0] === open[0] && fence.length >= open.length && rest.trim() === '') {
        open = undefined;
      }
    }
    at = lineEnd + 1;
    lineEnd = endOfLine(text, at);
  }

  return {
    inside(index) {
      // The line that `index` is on is not read yet: a fence counts from its next line.
      while (lineEnd < index) readLine();
      return open !== undefined;
    },
    openAtEnd() {
      while (at < text.length) readLine();
      return open !== undefined;
    },
    restartAt(index) {
      at = index;
      if (lineEnd < index) lineEnd = endOfLine(text, index);
      open = undefined;
    },
  };
}

/** More than any line that opens or closes a block has. */
const longestFenceLine = 400;

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? text.length : end;
}
