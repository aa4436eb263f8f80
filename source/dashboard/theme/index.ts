export { colourDepthOf, type ColourDepth } from './colour-depth.ts';
export { asciiGlyphs, isUtf8Locale, unicodeGlyphs } from './glyphs.ts';
export { renderStyleOf, type RenderStyle } from './render-style.ts';
export { themeForBackground, type Role, type ThemeName } from './palette.ts';
export { plain } from './signs.ts';
export { fitLine, gap, paint, styled, widthOfLine, type Line, type TextSpan } from './text-span.ts';
