import type { ReactNode } from 'react';
import { sections, type Binding } from '../keys/binding.ts';
import { keymap } from '../keys/keymap.ts';
import { pad, widthOf } from '../text/index.ts';
import type { Look } from '../theme/look.ts';
import { gap, span, type Line } from '../theme/span.ts';
import { plain } from '../theme/signs.ts';
import { confidenceLegend, type PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane } from './pane.tsx';

/** Every key, and what the numbers mean. */
export function HelpPane({ look, area }: Omit<PaneInput, 'isFocused'>): ReactNode {
  const height = innerHeight(area);
  const keys = keyLines(look, false);
  // Where room is short the sections stand close.
  const lines = keys.length + numberLines(look).length <= height ? keys : keyLines(look, true);
  const meaning = numberLines(look).slice(0, Math.max(0, height - lines.length));
  return (
    <Pane
      title={[span('KEYS', 'title', true)]}
      note={[span('any key closes', 'muted')]}
      area={{ width: innerWidth(area) + 2, height: area.height }}
      look={look}
      isFocused
      lines={[...lines, ...meaning].map((line) => ({ line }))}
    />
  );
}

function keyLines(look: Look, isDense: boolean): Line[] {
  const shown = ({ show, showAscii }: Binding) => (look.ascii ? (showAscii ?? show) : show);
  const width = Math.max(...keymap.map((binding) => widthOf(shown(binding))));
  return sections.flatMap((section, index) => {
    const rows = keymap
      .filter((binding) => binding.section === section)
      .map((binding): Line => [
        gap(2),
        span(pad(shown(binding), width), 'accent'),
        gap(2),
        span(plain(binding.does, look)),
      ]);
    if (isDense) return rows;
    const title: Line = [gap(1), span(section, 'title', true)];
    return index === 0 ? [title, ...rows] : [[], title, ...rows];
  });
}

function numberLines(look: Look): Line[] {
  return [
    [],
    [gap(1), span('What the numbers say', 'title', true)],
    [
      gap(2),
      span('value', 'accent'),
      span('  quality / (dollars per call + 0.0001), per 1,000 calls'),
    ],
    [gap(2), span('$/k', 'accent'), span('    dollars per 1,000 calls')],
    [
      gap(2),
      span('trend', 'accent'),
      span('  change of value against the window before; none below 10 calls in either'),
    ],
    confidenceLegend(look, 80),
  ];
}
