import { asciiText, cleanText } from '../text/index.ts';
import { nothing } from '../format/index.ts';
import { asciiGlyphs, unicodeGlyphs, type Glyphs } from './glyphs.ts';

/** Width of the rules and of running text; tables may be wider where names are long. */
export const pageWidth = 72;

/** What the plain views are written with: Unicode, or ASCII alone. */
export type TextStyle = {
  glyphs: Glyphs;
  /** Text from the database, safe to print. */
  name: (text: string) => string;
  rule: string;
  /** Stands where there is no number. */
  nothing: string;
  /** Text of our own with the few signs that ASCII lacks written out. */
  sign: (text: string) => string;
};

export function textStyleFor(ascii: boolean): TextStyle {
  const glyphs = ascii ? asciiGlyphs : unicodeGlyphs;
  return {
    glyphs,
    name: ascii ? (text) => asciiText(inAscii(text)) : cleanText,
    rule: glyphs.border.horizontal.repeat(pageWidth),
    nothing: ascii ? '-' : nothing,
    sign: ascii ? inAscii : (text) => text,
  };
}

const asciiSigns: Record<string, string> = {
  '≥': '>=',
  '≤': '<=',
  '–': '-',
  '—': '-',
  '±': '+-',
  '−': '-',
  '→': '->',
  '…': '...',
  '×': 'x',
  '’': "'",
};

const inAscii = (text: string): string =>
  text.replaceAll(/[≥≤–—±−→…×’]/g, (sign) => asciiSigns[sign] ?? '?');
