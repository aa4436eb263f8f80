import type { ReactNode } from 'react';
import { matchingItems, paletteItems, type PaletteItem } from '../keys/palette.ts';
import { sliceAround } from '../layout/table.ts';
import { pointer } from '../tables/table.ts';
import { cutEnd, pad } from '../text/index.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { plain } from '../theme/signs.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane } from './pane.tsx';

/** Everything that can be gone to or done, the best answer to what was typed first. */
export function PalettePane({ state, style, area }: PaneInput): ReactNode {
  const items = matchingItems(state);
  const { typed, index } = state.palette ?? { typed: '', index: 0 };
  const slice = sliceAround(items.length, index, innerHeight(area) - 2);
  const shown = items.slice(slice.from, slice.to);
  const input: Line = [
    styled(' : ', 'accent', true),
    styled(style.clean(typed)),
    styled('_', 'accent'),
  ];
  const none: Line = [gap(2), styled('nothing has that in its name', 'muted')];
  return (
    <Pane
      title={[styled('GO TO', 'title', true)]}
      note={[styled(`${items.length} of ${paletteItems(state).length}`, 'muted')]}
      area={area}
      style={style}
      isFocused
      more={slice}
      lines={[
        { line: input },
        { line: [] },
        ...(items.length === 0 ? [{ line: none }] : []),
        ...shown.map((item, row) => {
          const isSelected = slice.from + row === index;
          return { line: itemLine(item, isSelected, innerWidth(area), style), isSelected };
        }),
      ]}
    />
  );
}

const kindWidth = 10;
const keyWidth = 8;

function itemLine(item: PaletteItem, isSelected: boolean, width: number, style: RenderStyle): Line {
  const room = Math.max(0, width - kindWidth - keyWidth - 2);
  const label = cutEnd(style.clean(plain(item.label, style)), room, style.glyphs.ellipsis);
  return [
    pointer(isSelected, style),
    styled(pad(item.kind, kindWidth), 'muted'),
    styled(pad(label, room)),
    styled(item.key ?? '', 'accent'),
  ];
}
