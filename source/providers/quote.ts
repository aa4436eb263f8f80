import { redactSecrets } from '../domain/secrets.ts';

const longestQuote = 160;
/** A run of characters this long that is also in the prompt was copied from it. */
const telltale = 16;

/**
 * A provider's own words, fit for a message: one short line without keys; nothing at all where it
 * repeats the prompt.
 */
export function quotable(
  words: string | undefined,
  confidential: { secrets: readonly string[]; prompts: readonly string[] },
): string | undefined {
  if (words === undefined) return undefined;
  // Cut before comparing: an error page may be megabytes long.
  const line = words.slice(0, 2000).replaceAll(/\s+/g, ' ').trim();
  if (line === '' || confidential.prompts.some((prompt) => repeats(line, prompt))) {
    return undefined;
  }
  const quote = redactSecrets(line, confidential.secrets);
  return quote.length > longestQuote ? `${quote.slice(0, longestQuote - 1)}…` : quote;
}

function repeats(line: string, prompt: string): boolean {
  const source = prompt.replaceAll(/\s+/g, ' ').trim();
  if (source === '') return false;
  if (source.length <= telltale) return line.includes(source);
  for (let start = 0; start + telltale <= line.length; start += 1) {
    if (source.includes(line.slice(start, start + telltale))) return true;
  }
  return false;
}
