import { cleanText, asciiText } from '../text/width.ts';
import type { ColourDepth } from './colour-depth.ts';
import { asciiGlyphs, unicodeGlyphs, type Glyphs } from './glyphs.ts';
import type { ThemeName } from './palette.ts';

/** How this terminal is drawn on: passed to everything that draws. */
export type RenderStyle = {
  theme: ThemeName;
  depth: ColourDepth;
  glyphs: Glyphs;
  ascii: boolean;
  /** Text from outside, made safe for this terminal; see {@link cleanText}. */
  clean: (text: string) => string;
};

export function renderStyleOf(options: {
  theme: ThemeName;
  depth: ColourDepth;
  ascii: boolean;
}): RenderStyle {
  const { theme, depth, ascii } = options;
  return {
    theme,
    depth,
    ascii,
    glyphs: ascii ? asciiGlyphs : unicodeGlyphs,
    clean: ascii ? asciiText : cleanText,
  };
}
