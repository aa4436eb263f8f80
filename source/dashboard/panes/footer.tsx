import { Text } from 'ink';
import type { ReactNode } from 'react';
import type { Binding } from '../keys/binding.ts';
import { hintsFor, type Hint } from '../keys/lookup.ts';
import { topView, type AppState } from '../state/state.ts';
import { widthOf } from '../text/width.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { fitLine, gap, paint, styled, type Line } from '../theme/text-span.ts';
import { plain } from '../theme/signs.ts';

/** The last line: the keys that work here, or what just happened, or the filter being typed. */
export function Footer({ state, style }: { state: AppState; style: RenderStyle }): ReactNode {
  return (
    <Text wrap="truncate">
      {paint(fitLine(footerLine(state, style), state.size.columns, style.glyphs.ellipsis), style)}
    </Text>
  );
}

function footerLine(state: AppState, style: RenderStyle): Line {
  if (state.isFiltering)
    return prompt(state.filter, 'Enter keeps the filter, Esc clears it', style);
  const view = topView(state);
  if (view?.kind === 'texts' && view.isTyping) {
    return prompt(view.search, 'Enter goes to the first place, Esc clears it', style);
  }
  if (state.palette !== undefined) {
    const keys = 'type a part of a name   ↑↓ select   Enter goes there, Esc closes';
    return [gap(1), styled(plain(keys, style), 'muted')];
  }
  if (state.message !== undefined) {
    return [gap(1), styled(style.clean(plain(state.message, style)), 'accent')];
  }
  if (state.helpIndex !== undefined) {
    return [gap(1), styled(plain('↑↓ select   Enter does it, Esc closes', style), 'muted')];
  }
  const filter: Line =
    state.filter === ''
      ? []
      : [gap(1), styled(`/${style.clean(state.filter)}`, 'warn', true), gap(2)];
  const used = filter.reduce((sum, { text }) => sum + widthOf(text), 0);
  return [...filter, ...hintSpans(hintsFor(state), state.size.columns - used, style)];
}

const prompt = (typed: string, keys: string, style: RenderStyle): Line => [
  styled(' / ', 'accent', true),
  styled(style.clean(typed)),
  styled('_', 'accent'),
  styled(`   ${keys}`, 'muted'),
];

/** Columns between two hints. */
const between = 3;

/** Columns from which what leads everywhere is always named. */
const roomForPalette = 58;

/** As many hints as fit whole; everything by its name, help and quit always keep their room. */
function hintSpans(bindings: readonly Hint[], width: number, style: RenderStyle): Line {
  const always = bindings.filter(
    ({ on }) => '?' in on || 'q' in on || (':' in on && width >= roomForPalette),
  );
  // One column before the first, and nothing after the last.
  const reserved = always.reduce((sum, binding) => sum + hintWidth(binding, style), 1 - between);
  // Arrows are tried anyway: where little has room, the way on and back does.
  const order =
    width < roomForPalette
      ? bindings.toSorted((a, b) => Number('up' in a.on) - Number('up' in b.on))
      : bindings;
  let room = width - reserved;
  const fitting = new Set(
    order.filter((binding) => {
      if (always.includes(binding)) return true;
      room -= hintWidth(binding, style);
      return room >= 0;
    }),
  );
  const shown = bindings.filter((binding) => fitting.has(binding));
  return shown.flatMap((binding, index) => [
    gap(index === 0 ? 1 : between),
    styled(keysOn(binding, style), 'accent'),
    styled(` ${binding.hint}`, 'muted'),
  ]);
}

const keysOn = ({ show, showAscii }: Binding, style: RenderStyle): string =>
  // The footer shows the arrows alone; the help shows all keys.
  style.ascii ? (showAscii ?? show) : (show.match(/^[↑↓←→]+/)?.[0] ?? show);

const hintWidth = (binding: Hint, style: RenderStyle): number =>
  widthOf(keysOn(binding, style)) + 1 + widthOf(binding.hint) + between;
