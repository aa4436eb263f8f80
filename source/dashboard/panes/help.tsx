import type { ReactNode } from 'react';
import type { Binding } from '../keys/binding.ts';
import { keymap } from '../keys/keymap.ts';
import { keymapBySection } from '../keys/lookup.ts';
import { canSort } from '../keys/places.ts';
import { sliceAround } from '../layout/table.ts';
import { activeList } from '../state/lists.ts';
import type { AppState } from '../state/state.ts';
import { pointer, pointerWidth, sortColumnsOf } from '../tables/table.ts';
import { pad, widthOf, wrapText } from '../text/index.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import { plain } from '../theme/signs.ts';
import { confidenceLegend, type PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane, type PaneLine } from './pane.tsx';

/** Every key, and what the numbers mean. A selected line can be done by Enter. */
export function HelpPane({ state, style, area }: Omit<PaneInput, 'isFocused'>): ReactNode {
  const height = innerHeight(area);
  const meaning = [...sortLines(state, innerWidth(area), style), ...numberLines(style)];
  const index = state.helpIndex ?? 0;
  // Where room is short the sections stand close.
  const width = innerWidth(area);
  const spread = keyLines(style, index, width, false);
  const keys =
    spread.length + meaning.length <= height ? spread : keyLines(style, index, width, true);
  const all = [...keys, ...meaning.map((line): PaneLine => ({ line }))];
  // Its first line shows the start, its last one what stands below the keys.
  const ends: Record<number, number> = { 0: 0, [keymapBySection.length - 1]: all.length };
  const selected = all.findIndex(({ isSelected }) => isSelected === true);
  const slice = sliceAround(all.length, ends[index] ?? selected, height);
  return (
    <Pane
      title={[styled('KEYS', 'title', true)]}
      note={[styled('Enter does it, other keys close', 'muted')]}
      area={{ width: innerWidth(area) + 2, height: area.height }}
      style={style}
      isFocused
      more={slice}
      lines={all.slice(slice.from, slice.to)}
    />
  );
}

function keyLines(
  style: RenderStyle,
  selected: number,
  columns: number,
  isDense: boolean,
): PaneLine[] {
  const shown = ({ show, showAscii }: Binding) => (style.ascii ? (showAscii ?? show) : show);
  const width = Math.max(...keymap.map((binding) => widthOf(shown(binding))));
  return keymapBySection.flatMap((binding, index): PaneLine[] => {
    const isSelected = index === selected;
    const room = Math.max(1, columns - pointerWidth - width - 3);
    const [first = '', ...others] = wrapText(plain(binding.does, style), room);
    const rows: PaneLine[] = [
      {
        isSelected,
        line: [
          pointer(isSelected, style),
          styled(pad(shown(binding), width), 'accent'),
          gap(2),
          styled(first),
        ],
      },
      ...others.map((line): PaneLine => ({ line: [gap(pointerWidth + width + 2), styled(line)] })),
    ];
    const isFirst = binding.section !== keymapBySection[index - 1]?.section;
    if (isDense || !isFirst) return rows;
    const title: PaneLine = { line: [gap(1), styled(binding.section, 'title', true)] };
    return index === 0 ? [title, ...rows] : [{ line: [] }, title, ...rows];
  });
}

/** The letters that sort the list below the help. */
function sortLines(state: AppState, width: number, style: RenderStyle): Line[] {
  const list = canSort(state) ? activeList(state) : undefined;
  if (list === undefined) return [];
  const letters = sortColumnsOf(list).map(({ letter, title }) => `${letter} ${title}`);
  return [
    [],
    [gap(1), styled('What sorts here', 'title', true)],
    ...wrapText(plain(letters.join(',  '), style), width - 3).map((line): Line => [
      gap(2),
      styled(line),
    ]),
  ];
}

function numberLines(style: RenderStyle): Line[] {
  return [
    [],
    [gap(1), styled('What the numbers say', 'title', true)],
    [
      gap(2),
      styled('value', 'accent'),
      styled('  quality / (dollars per call + 0.0001), per 1,000 calls'),
    ],
    [gap(2), styled('$/k', 'accent'), styled('    dollars per 1,000 calls')],
    [
      gap(2),
      styled('trend', 'accent'),
      styled('  change of value against the window before; none below 10 calls in either'),
    ],
    confidenceLegend(style, 80),
  ];
}
