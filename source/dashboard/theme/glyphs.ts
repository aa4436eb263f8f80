import type { Confidence } from '../../domain/confidence.ts';
import type { TrendDirection } from '../format/trend.ts';

/** Every character that is drawn and is not text, by what it means. All are one column wide. */
export type Glyphs = {
  confidence: Record<Confidence, string>;
  trend: Record<TrendDirection, string>;
  /** Before the selected row. */
  pointer: string;
  live: string;
  paused: string;
  separator: string;
  crumb: string;
  ellipsis: string;
  sortDescending: string;
  sortAscending: string;
  /** Columns of a sparkline, lowest first. */
  viewStack: readonly string[];
  /** A bar's last column in eighths, from one eighth to full. */
  eighths: readonly string[];
  track: string;
  border: {
    topLeft: string;
    topRight: string;
    bottomLeft: string;
    bottomRight: string;
    horizontal: string;
    vertical: string;
  };
  /** asciichart's symbols in its order: cross, axis, ends, and the strokes of the line. */
  chart: readonly string[];
  moreAbove: string;
  moreBelow: string;
  /** An interval: its ends, its line, the estimate, where zero is, and what it must stay above. */
  interval: Record<'low' | 'line' | 'high' | 'estimate' | 'zero' | 'decides', string>;
  left: string;
  right: string;
};

export const unicodeGlyphs: Glyphs = {
  confidence: { HOT: '●', WARM: '○', COLD: '·' },
  trend: { up: '▲', down: '▼', flat: '─', none: ' ' },
  pointer: '❯',
  live: '●',
  paused: '‖',
  separator: '│',
  crumb: '›',
  ellipsis: '…',
  sortDescending: '▾',
  sortAscending: '▴',
  viewStack: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  eighths: ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'],
  track: '░',
  border: {
    topLeft: '╭',
    topRight: '╮',
    bottomLeft: '╰',
    bottomRight: '╯',
    horizontal: '─',
    vertical: '│',
  },
  chart: ['┼', '┤', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'],
  moreAbove: '↑',
  moreBelow: '↓',
  interval: { low: '├', line: '─', high: '┤', estimate: '●', zero: '┊', decides: '┃' },
  left: '‹',
  right: '›',
};

export const asciiGlyphs: Glyphs = {
  confidence: { HOT: '#', WARM: 'o', COLD: '.' },
  trend: { up: '^', down: 'v', flat: '-', none: ' ' },
  pointer: '>',
  live: '*',
  paused: '=',
  separator: '|',
  crumb: '>',
  ellipsis: '~',
  sortDescending: 'v',
  sortAscending: '^',
  viewStack: ['_', '.', ',', '-', '=', '+', '*', '#'],
  eighths: ['-', '-', '-', '=', '=', '=', '#', '#'],
  track: '.',
  border: {
    topLeft: '+',
    topRight: '+',
    bottomLeft: '+',
    bottomRight: '+',
    horizontal: '-',
    vertical: '|',
  },
  chart: ['+', '|', '-', '-', '-', '\\', '/', '\\', '/', '|'],
  moreAbove: '^',
  moreBelow: 'v',
  interval: { low: '[', line: '-', high: ']', estimate: 'o', zero: ':', decides: '!' },
  left: '<',
  right: '>',
};

/** Whether the locale that the environment names can show more than ASCII (POSIX order of precedence). */
export function isUtf8Locale(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'];
  // Without any locale, terminals of today still show UTF-8; a named one that lacks it is meant.
  return locale === undefined || locale === '' || /utf-?8/i.test(locale);
}
