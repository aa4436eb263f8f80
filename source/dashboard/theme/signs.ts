import type { RenderStyle } from './render-style.ts';

/** Our own typographic signs for terminals that only know ASCII. */
export function plain(text: string, style: Pick<RenderStyle, 'ascii'>): string {
  if (!style.ascii) return text;
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
