/** Deeper JSON is no answer of a model, and overflows the stack of whoever walks through it. */
const maxDepth = 100;
/** Braces, brackets, colons and commas outside of strings: an answer is long by its text, not by these. */
const maxTokens = 20_000;

const quote = 0x22;
const backslash = 0x5c;

/**
 * Whether JSON can be parsed without holding up everything else: not nested or split without end.
 * One pass over the bytes, some milliseconds per megabyte; says nothing of whether it is valid.
 */
export function isModestJson(bytes: Uint8Array): boolean {
  let depth = 0;
  let tokens = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) {
      at = endOfString(bytes, at);
      continue;
    }
    // [ and { differ by one bit from each other, as do ] and }.
    const bracket = byte === undefined ? 0 : byte & 0xdf;
    if (bracket === 0x5b) depth += 1;
    else if (bracket === 0x5d) depth -= 1;
    else if (byte !== 0x2c && byte !== 0x3a) continue;
    tokens += 1;
    if (depth > maxDepth || tokens > maxTokens) return false;
  }
  return true;
}

/** Where the string that begins at `start` ends; the end of the bytes where it does not. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === backslash) at += 1;
    else if (bytes[at] === quote) return at;
  }
  return bytes.length;
}
