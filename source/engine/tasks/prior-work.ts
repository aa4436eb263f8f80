import type { ModelOffer } from '../../domain/model-api.ts';
import type { PriorWork } from '../../domain/prompts.ts';

/** The window of a model that does not say how large it is. */
const cautiousContextTokens = 16_384;

/** Bytes per token that nearly every text stays above; cautious for code and for other scripts. */
const bytesPerToken = 3;

/** Output tokens to ask of a model: never more than half of its window. */
export function outputLimit(offer: ModelOffer, wanted: number): number {
  const window = offer.contextTokens ?? Number.POSITIVE_INFINITY;
  return Math.max(1, Math.min(wanted, Math.floor(window / 2)));
}

/**
 * Outputs of earlier tasks, cut to what fits into a model's window besides `otherBytes` of prompt and
 * the output. Short outputs stay whole; the rest is shared evenly among the long ones.
 */
export function fitPriorWork(
  work: readonly PriorWork[],
  options: { offer: ModelOffer; outputTokens: number; otherBytes: number },
): PriorWork[] {
  const { offer, outputTokens, otherBytes } = options;
  const window = offer.contextTokens ?? cautiousContextTokens;
  let room = Math.max(0, (window - outputTokens) * bytesPerToken - otherBytes);
  const bySize = work
    .map(({ output }, index) => ({ index, bytes: Buffer.byteLength(output) }))
    .toSorted((left, right) => left.bytes - right.bytes);
  const fitted = [...work];
  bySize.forEach(({ index, bytes }, place) => {
    const share = Math.floor(room / (bySize.length - place));
    const entry = work[index];
    if (entry !== undefined && bytes > share) {
      fitted[index] = { ...entry, output: cutMiddle(entry.output, share) };
    }
    room -= Math.min(bytes, share);
  });
  return fitted;
}

/** Keeps the beginning and the end, where what matters most tends to stand. */
export function cutMiddle(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  const mark = '\n[… cut …]\n';
  const room = maxBytes - Buffer.byteLength(mark);
  if (room <= 0) return '';
  const head = Math.ceil((room * 2) / 3);
  return `${decode(bytes.subarray(0, head))}${mark}${decode(bytes.subarray(bytes.length - (room - head)))}`;
}

/** Characters cut in half at either end are left out. */
function decode(bytes: Buffer): string {
  return bytes.toString('utf8').replaceAll(/^\uFFFD+|\uFFFD+$/g, '');
}
