import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { longText } from '../domain/yield-for.ts';

/**
 * Keeps long prompts out of the adapters, which write a request out twice in one go: for a prompt of
 * 1 MB that takes longer than keys, timers and signals may wait. A short text stands in for it, and is
 * exchanged for the prompt in the finished body.
 */
export type LongTexts = {
  /** What to give the adapter in place of the text: itself, unless it is long; and what ends that. */
  standIn(text: string): { text: string; release: () => void };
  /** The body with the texts themselves, written out piece by piece while others have their turn. */
  filled(body: string): Promise<string | Uint8Array<ArrayBuffer>>;
};

/** In UTF-16 units. */
const pieceLength = 100_000;

export function createLongTexts(newId: () => string = randomUUID): LongTexts {
  const texts = new Map<string, string>();
  return {
    standIn(text) {
      if (text.length < longText) return { text, release: () => undefined };
      const name = `long-text:${newId()}`;
      texts.set(name, text);
      return { text: name, release: () => void texts.delete(name) };
    },
    async filled(body) {
      if (texts.size === 0) return body;
      for (const [name, text] of texts) {
        const at = body.indexOf(name);
        if (at === -1) continue;
        const [before, after] = [body.slice(0, at), body.slice(at + name.length)];
        const pieces = await written(text);
        return new Uint8Array(Buffer.concat([Buffer.from(before), ...pieces, Buffer.from(after)]));
      }
      return body;
    },
  };
}

/** The inside of a JSON string. */
async function written(text: string): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < text.length;) {
    let end = Math.min(text.length, at + pieceLength);
    // Two halves of a character are written together, or they would be two escapes.
    if (/[\uD800-\uDBFF]/.test(text.charAt(end - 1))) end += 1;
    pieces.push(Buffer.from(JSON.stringify(text.slice(at, end)).slice(1, -1)));
    at = end;
    // A timer, since an immediate comes before the next look at keys and signals.
    await setTimeout(0);
  }
  return pieces;
}
