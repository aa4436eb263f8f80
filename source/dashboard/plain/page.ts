import { asciiText, cleanText, pad, widthOf, wrapText, type Align } from '../text/index.ts';
import { nothing } from '../format/index.ts';
import { asciiGlyphs, unicodeGlyphs, type Glyphs } from '../theme/index.ts';

/** Width of the rules and of running text; tables may be wider where names are long. */
const pageWidth = 72;

/** What the plain views are written with: Unicode, or ASCII alone. */
export type Pen = {
  glyphs: Glyphs;
  /** Text from the database, safe to print. */
  name: (text: string) => string;
  rule: string;
  /** Stands where there is no number. */
  nothing: string;
  /** Text of our own with the few signs that ASCII lacks written out. */
  sign: (text: string) => string;
};

export function penFor(ascii: boolean): Pen {
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
};

const inAscii = (text: string): string =>
  text.replaceAll(/[≥≤–—±−→…×]/g, (sign) => asciiSigns[sign] ?? '?');

export type Column = { align?: Align };

/** Rows of cells as aligned lines, two spaces apart; trailing spaces are left out. */
export function table(rows: readonly (readonly string[])[], columns: readonly Column[]): string[] {
  const widths = columns.map((_, index) => widest(rows.map((row) => row[index] ?? '')));
  return rows.map((row) =>
    columns
      .map(({ align = 'left' }, index) => pad(row[index] ?? '', widths[index] ?? 0, align))
      .join('  ')
      .trimEnd(),
  );
}

export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
}

/** A paragraph whose first line starts with `head` and whose others line up behind it. */
export function hanging(head: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((part) => wrapText(part, pageWidth - head.length))
    .map((line, index) => (index === 0 ? head : ' '.repeat(head.length)) + line);
}
