export { colourDepthOf, type ColourDepth } from './colour-depth.ts';
export { asciiGlyphs, isUtf8Locale, unicodeGlyphs, type Glyphs } from './glyphs.ts';
export { lookOf, type Look } from './look.ts';
export { themeForBackground, themeNames, type Role, type ThemeName } from './palette.ts';
export { plain } from './signs.ts';
export { fitLine, gap, paint, span, widthOfLine, type Line, type Span } from './span.ts';
