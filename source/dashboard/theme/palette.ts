import type { ColourDepth } from './colour-depth.ts';

/** What a piece of text means; how that looks is decided here alone. */
export type Role =
  | 'text'
  | 'muted'
  | 'accent'
  | 'title'
  | 'good'
  | 'warn'
  | 'bad'
  | 'border'
  | 'bar'
  | 'simulated';

export const themeNames = ['dark', 'light', 'plain'] as const;
export type ThemeName = (typeof themeNames)[number];

/** One colour for each depth: [16, 256, true colour]; absent: the terminal's own foreground. */
type Shade = readonly [basic: number, indexed: number, full: readonly [number, number, number]];

type Palette = Partial<Record<Role, Shade>> & { selection?: Shade };

const palettes: Record<Exclude<ThemeName, 'plain'>, Palette> = {
  dark: {
    muted: [90, 245, [138, 143, 152]],
    accent: [96, 80, [94, 212, 220]],
    title: [97, 254, [230, 233, 239]],
    good: [92, 114, [134, 217, 141]],
    warn: [93, 221, [240, 200, 105]],
    bad: [91, 210, [255, 130, 130]],
    border: [90, 240, [84, 90, 104]],
    bar: [94, 111, [122, 162, 247]],
    simulated: [95, 177, [214, 140, 255]],
    selection: [100, 237, [48, 54, 68]],
  },
  light: {
    muted: [90, 242, [100, 105, 115]],
    accent: [36, 30, [0, 112, 122]],
    title: [30, 234, [24, 26, 32]],
    good: [32, 28, [20, 110, 40]],
    warn: [33, 94, [140, 84, 0]],
    bad: [31, 124, [176, 20, 30]],
    border: [37, 250, [184, 188, 198]],
    bar: [34, 26, [30, 90, 190]],
    simulated: [35, 91, [126, 40, 170]],
    selection: [47, 254, [225, 230, 240]],
  },
};

/** SGR parameters for the foreground of a role, or nothing for the terminal's own. */
export function foregroundOf(theme: ThemeName, depth: ColourDepth, role: Role): string | undefined {
  if (theme === 'plain') return undefined;
  const shade = palettes[theme][role];
  return shade === undefined ? undefined : parametersOf(shade, depth, 38);
}

/** SGR parameters for the background of the selected row. */
export function selectionOf(theme: ThemeName, depth: ColourDepth): string | undefined {
  if (theme === 'plain') return undefined;
  const shade = palettes[theme].selection;
  return shade === undefined ? undefined : parametersOf(shade, depth, 48);
}

function parametersOf(shade: Shade, depth: ColourDepth, layer: 38 | 48): string | undefined {
  if (depth === 1) return undefined;
  if (depth === 16) return String(shade[0]);
  return depth === 256 ? `${layer};5;${shade[1]}` : `${layer};2;${shade[2].join(';')}`;
}

/** The theme for a terminal that says what its background is (COLORFGBG); dark where it does not. */
export function themeForBackground(environment: NodeJS.ProcessEnv): ThemeName {
  const background = Number(environment['COLORFGBG']?.split(';').at(-1) ?? Number.NaN);
  return background === 7 || background === 15 ? 'light' : 'dark';
}
