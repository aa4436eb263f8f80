import type { Look } from './look.ts';

/** Our own typographic signs for terminals that only know ASCII. */
export function plain(text: string, look: Pick<Look, 'ascii'>): string {
  if (!look.ascii) return text;
  return text
    .replaceAll('≥', '>=')
    .replaceAll('≤', '<=')
    .replaceAll('±', '+/-')
    .replaceAll(/[–−—]/g, '-')
    .replaceAll('×', 'x')
    .replaceAll('…', '...')
    .replaceAll('’', "'")
    .replaceAll('·', '.')
    .replaceAll('→', '->');
}
