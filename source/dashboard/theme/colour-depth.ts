import { ownValue } from '../../domain/own-value.ts';
/** How many colours the terminal really offers; 1 is none. */
export type ColourDepth = 1 | 16 | 256 | 16_777_216;

const none = 1;
const basic = 16;
const indexed = 256;
const full = 16_777_216;

const forced: Record<string, ColourDepth> = {
  '0': none,
  false: none,
  '1': basic,
  '2': indexed,
  '3': full,
};

/**
 * What the environment says of the terminal. Colours are claimed only where the terminal does:
 * true colour needs COLORTERM or a terminal known for it, 256 colours a TERM that says so.
 * NO_COLOR (any value but the empty one) wins over everything but FORCE_COLOR.
 */
export function colourDepthOf(environment: NodeJS.ProcessEnv): ColourDepth {
  const force = environment['FORCE_COLOR'];
  if (force !== undefined) {
    const depth = ownValue(forced, force);
    if (depth !== undefined) return depth;
  } else if ((environment['NO_COLOR'] ?? '') !== '') return none;
  const term = environment['TERM'] ?? '';
  if (term === 'dumb') return none;
  if (/^(truecolor|24bit)$/.test(environment['COLORTERM'] ?? '')) return full;
  if (/-direct$|kitty|ghostty|alacritty|wezterm|foot/.test(term)) return full;
  if (environment['WT_SESSION'] !== undefined) return full;
  if (/256/.test(term) || environment['TERM_PROGRAM'] === 'Apple_Terminal') return indexed;
  return basic;
}
