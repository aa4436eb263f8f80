import { describe, expect, it } from 'vitest';
import {
  asciiGlyphs,
  colourDepthOf,
  fitLine,
  isUtf8Locale,
  renderStyleOf,
  paint,
  styled,
  themeForBackground,
  unicodeGlyphs,
  widthOfLine,
} from '../../../source/dashboard/theme/index.ts';
import { widthOf } from '../../../source/dashboard/text/index.ts';

const strings = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(strings);

const at = (depth: 1 | 16 | 256 | 16_777_216) =>
  paint([styled('up', 'good')], renderStyleOf({ theme: 'dark', depth, ascii: false }));

describe('colours', () => {
  it.each([
    [{ TERM: 'xterm-256color' }, 256],
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 16_777_216],
    [{ TERM: 'xterm' }, 16],
    [{ TERM: 'dumb', COLORTERM: 'truecolor' }, 1],
    [{ TERM: 'xterm-kitty' }, 16_777_216],
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor', NO_COLOR: '1' }, 1],
    [{ TERM: 'xterm-256color', NO_COLOR: '' }, 256],
    [{ TERM: 'xterm', FORCE_COLOR: '3', NO_COLOR: '1' }, 16_777_216],
    [{ TERM: 'xterm-256color', FORCE_COLOR: '0' }, 1],
    [{ TERM: 'screen', TERM_PROGRAM: 'Apple_Terminal' }, 256],
    [{}, 16],
  ])('are as many as %o offers: %d', (environment, depth) => {
    expect(colourDepthOf(environment)).toBe(depth);
  });

  it('are written in the form that the depth calls for, and not at all without any', () => {
    expect(at(1)).toBe('up');
    expect(at(16)).toBe('\u001B[92mup\u001B[0m');
    expect(at(256)).toBe('\u001B[38;5;114mup\u001B[0m');
    expect(at(16_777_216)).toBe('\u001B[38;2;134;217;141mup\u001B[0m');
  });

  it('leave the selected row recognisable without any', () => {
    const style = renderStyleOf({ theme: 'plain', depth: 256, ascii: false });
    expect(paint([styled('row', 'good')], style, { selected: true })).toBe('\u001B[1mrow\u001B[0m');
  });

  it('follow a light background where the terminal tells', () => {
    expect(themeForBackground({ COLORFGBG: '0;15' })).toBe('light');
    expect(themeForBackground({ COLORFGBG: '15;0' })).toBe('dark');
    expect(themeForBackground({})).toBe('dark');
  });
});

describe('glyphs', () => {
  it('are one column each, and ASCII where nothing else can be shown', () => {
    for (const glyph of strings(unicodeGlyphs)) expect(widthOf(glyph)).toBe(1);
    for (const glyph of strings(asciiGlyphs)) expect(glyph).toMatch(/^[ -~]$/);
  });

  it('depend on the locale', () => {
    expect(isUtf8Locale({ LANG: 'en_US.UTF-8' }, 'linux')).toBe(true);
    expect(isUtf8Locale({ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, 'linux')).toBe(false);
    expect(isUtf8Locale({ LANG: 'de_DE.ISO-8859-1' }, 'linux')).toBe(false);
    expect(isUtf8Locale({}, 'linux')).toBe(true);
    expect(isUtf8Locale({ LC_ALL: 'C' }, 'win32')).toBe(true);
  });
});

describe('a line', () => {
  it('is exactly as wide as asked, cut or filled', () => {
    const line = [styled('model ', 'muted'), styled('模型模型'), styled(' 0.887')];
    for (let width = 0; width < 30; width += 1) {
      expect(widthOfLine(fitLine(line, width))).toBe(width);
    }
    expect(
      fitLine(line, 8)
        .map(({ text }) => text)
        .join(''),
    ).toBe('model … ');
  });

  it('is drawn in ASCII alone where the terminal knows no more', () => {
    const style = renderStyleOf({ theme: 'plain', depth: 1, ascii: true });
    expect(paint([styled('café — ok')], style)).toBe('cafe ? ok');
  });
});
