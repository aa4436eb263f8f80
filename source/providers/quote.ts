import { redactSecrets } from '../domain/secrets.ts';

const maxQuoteLength = 160;
/** A run of characters this long that is also in the prompt was copied from it. */
const telltale = 16;

/**
 * A provider's own words, fit for a message: one short line without keys or control characters;
 * nothing at all where it repeats the prompt.
 */
export function quotable(
  words: string | undefined,
  confidential: { secrets: readonly string[]; prompts: readonly string[] },
): string | undefined {
  if (words === undefined) return undefined;
  // Cut before comparing: an error page may be megabytes long.
  const line = words
    .slice(0, 2000)
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  if (line === '' || confidential.prompts.some((prompt) => repeats(line, prompt))) {
    return undefined;
  }
  const quote = redactSecrets(withoutEchoes(line, confidential.secrets), confidential.secrets);
  return quote.length > maxQuoteLength ? `${quote.slice(0, maxQuoteLength - 1)}…` : quote;
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

/** A piece of a key this long gives it away; keys of the same issuer share a shorter beginning. */
const tellingPiece = 8;

/**
 * Blanks whatever of a line was made from a key: parts of it, starred out, and how it reads
 * URL-encoded, in hexadecimal or in base64.
 */
export function withoutEchoes(line: string, secrets: readonly string[]): string {
  const pieces = new Set(
    secrets.filter((secret) => secret.length >= tellingPiece).flatMap(piecesOf),
  );
  return line.replaceAll(/[^\s"'`<>()[\]{},;]+/g, (token) => {
    if (
      /\*{3,}|[•x]{6,}|\.{3,}[A-Za-z0-9]|[A-Za-z0-9]\.{3,}[A-Za-z0-9]|[A-Za-z0-9]…/.test(token) &&
      endsLikeKey(token, secrets)
    ) {
      return '[redacted]';
    }
    const readings = [token, decoded(token)];
    return readings.some((reading) => hasPiece(reading, pieces)) ? '[redacted]' : token;
  });
}

function hasPiece(text: string, pieces: ReadonlySet<string>): boolean {
  const lower = text.toLowerCase();
  for (let start = 0; start + tellingPiece <= lower.length; start += 1) {
    if (pieces.has(lower.slice(start, start + tellingPiece))) return true;
  }
  return false;
}

/** Every run of eight characters of a key, as it is and as it may be encoded. */
function piecesOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const aligned = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift === 0 ? 0 : shift + 1)
      .replace(/.{0,2}=*$/, ''),
  );
  const base64 = aligned.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
  return [secret, bytes.toString('hex'), ...base64].flatMap((text) => {
    const lower = text.toLowerCase();
    return Array.from({ length: Math.max(0, lower.length - tellingPiece + 1) }, (_, start) =>
      lower.slice(start, start + tellingPiece),
    );
  });
}

/** A key that was starred out in the middle shows its ends. */
function endsLikeKey(token: string, secrets: readonly string[]): boolean {
  const [, head = '', tail = ''] = /^([\w-]*)[^\w-]+([\w-]*)$/.exec(token) ?? [];
  return (
    /\*{3,}/.test(token) ||
    secrets.some(
      (secret) =>
        (head.length >= 3 && secret.includes(head)) || (tail.length >= 3 && secret.includes(tail)),
    )
  );
}

function decoded(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}
