/** A line longer than this is no event of ours: outputs are cut long before. */
export const longestLine = 32 * 1024 * 1024;

const newline = 0x0a;

/**
 * Takes bytes as they come and gives out complete lines, whatever the size of the whole. A line that is
 * too long is passed over, and not kept while its end is awaited.
 */
export function createLineSplitter(onLine: (line: Buffer) => void): {
  take(chunk: Buffer): void;
  /** What came after the last line break: a line that is being written, or was when its process died. */
  rest(): Buffer;
} {
  let pieces: Buffer[] = [];
  let length = 0;
  let tooLong = false;

  function finish(end: Buffer): void {
    if (!tooLong && length + end.length > 0) {
      onLine(length === 0 ? end : Buffer.concat([...pieces, end]));
    }
    pieces = [];
    length = 0;
    tooLong = false;
  }

  return {
    take(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        finish(chunk.subarray(start, end));
        start = end + 1;
      }
      if (start === chunk.length) return;
      length += chunk.length - start;
      if (tooLong || length > longestLine) {
        tooLong = true;
        pieces = [];
      } else {
        // A copy: the reader uses its buffer again.
        pieces.push(Buffer.from(chunk.subarray(start)));
      }
    },
    rest: () => (tooLong ? Buffer.alloc(0) : Buffer.concat(pieces)),
  };
}
