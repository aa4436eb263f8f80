import { Text } from 'ink';
import type { ReactNode } from 'react';
import type { Binding } from '../keys/binding.ts';
import { hintsFor, type Hint } from '../keys/keymap.ts';
import type { AppState } from '../state/state.ts';
import { widthOf } from '../text/width.ts';
import type { Look } from '../theme/look.ts';
import { fitLine, gap, paint, span, type Line } from '../theme/span.ts';
import { plain } from '../theme/signs.ts';

/** The last line: the keys that work here, or what just happened, or the filter being typed. */
export function Footer({ state, look }: { state: AppState; look: Look }): ReactNode {
  return (
    <Text wrap="truncate">
      {paint(fitLine(footerLine(state, look), state.size.columns, look.glyphs.ellipsis), look)}
    </Text>
  );
}

function footerLine(state: AppState, look: Look): Line {
  if (state.isFiltering) {
    return [
      span(' / ', 'accent', true),
      span(look.clean(state.filter)),
      span('_', 'accent'),
      span('   Enter keeps the filter, Esc clears it', 'muted'),
    ];
  }
  if (state.message !== undefined) {
    return [gap(1), span(look.clean(plain(state.message, look)), 'accent')];
  }
  const filter: Line =
    state.filter === '' ? [] : [gap(1), span(`/${look.clean(state.filter)}`, 'warn', true), gap(2)];
  const used = filter.reduce((sum, { text }) => sum + widthOf(text), 0);
  return [...filter, ...hintSpans(hintsFor(state), state.size.columns - used, look)];
}

/** As many hints as fit whole; help and quit always keep their room. */
function hintSpans(bindings: readonly Hint[], width: number, look: Look): Line {
  const always = bindings.filter(({ on }) => '?' in on || 'q' in on);
  const reserved = always.reduce((sum, binding) => sum + hintWidth(binding, look), 1);
  let room = width - reserved;
  const shown = bindings.filter((binding) => {
    if (always.includes(binding)) return true;
    room -= hintWidth(binding, look);
    return room >= 0;
  });
  return shown.flatMap((binding, index) => [
    gap(index === 0 ? 1 : 3),
    span(keysOn(binding, look), 'accent'),
    span(` ${binding.hint}`, 'muted'),
  ]);
}

const keysOn = ({ show, showAscii }: Binding, look: Look): string =>
  // The footer shows the arrows alone; the help shows all keys.
  look.ascii ? (showAscii ?? show) : (show.match(/^[↑↓←→]+/)?.[0] ?? show);

const hintWidth = (binding: Hint, look: Look): number =>
  widthOf(keysOn(binding, look)) + widthOf(binding.hint) + 4;
