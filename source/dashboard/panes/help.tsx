import type { ReactNode } from 'react';
import { sections, type Binding } from '../keys/binding.ts';
import { keymap } from '../keys/keymap.ts';
import { pad, widthOf } from '../text/index.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import { plain } from '../theme/signs.ts';
import { confidenceLegend, type PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane } from './pane.tsx';

/** Every key, and what the numbers mean. */
export function HelpPane({ style, area }: Omit<PaneInput, 'isFocused'>): ReactNode {
  const height = innerHeight(area);
  const keys = keyLines(style, false);
  // Where room is short the sections stand close.
  const lines = keys.length + numberLines(style).length <= height ? keys : keyLines(style, true);
  const meaning = numberLines(style).slice(0, Math.max(0, height - lines.length));
  return (
    <Pane
      title={[styled('KEYS', 'title', true)]}
      note={[styled('any key closes', 'muted')]}
      area={{ width: innerWidth(area) + 2, height: area.height }}
      style={style}
      isFocused
      lines={[...lines, ...meaning].map((line) => ({ line }))}
    />
  );
}

function keyLines(style: RenderStyle, isDense: boolean): Line[] {
  const shown = ({ show, showAscii }: Binding) => (style.ascii ? (showAscii ?? show) : show);
  const width = Math.max(...keymap.map((binding) => widthOf(shown(binding))));
  return sections.flatMap((section, index) => {
    const rows = keymap
      .filter((binding) => binding.section === section)
      .map((binding): Line => [
        gap(2),
        styled(pad(shown(binding), width), 'accent'),
        gap(2),
        styled(plain(binding.does, style)),
      ]);
    if (isDense) return rows;
    const title: Line = [gap(1), styled(section, 'title', true)];
    return index === 0 ? [title, ...rows] : [[], title, ...rows];
  });
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
