import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { problemMeanwhile } from '../../domain/database-problem.ts';
import { wrapText } from '../text/wrap.ts';
import { formatLeftOut } from '../format/index.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { fitLine, gap, paint, styled, type Line } from '../theme/text-span.ts';
import { plain } from '../theme/signs.ts';
import type { PaneInput } from './common.ts';

/** In place of the panes while there is nothing to show: what is the matter, and what to do. */
export function NoData({ state, style, area }: PaneInput): ReactNode {
  const width = Math.min(76, area.width - 4);
  const left = Math.floor((area.width - width) / 2);
  const paragraphs = textFor(state, style);
  const lines: Line[] = paragraphs.flatMap(({ text, isTitle, isCommand }) =>
    wrapText(text, width).map((line): Line => [
      gap(left),
      isCommand === true
        ? styled(line, 'accent', true)
        : styled(line, isTitle === true ? 'title' : 'muted', isTitle === true),
    ]),
  );
  const above = Math.max(0, Math.floor((area.height - lines.length) / 3));
  const all = [...Array.from({ length: above }, (): Line => []), ...lines].slice(0, area.height);
  return (
    <Box width={area.width} height={area.height}>
      <Text wrap="truncate">
        {all
          .map((line) => paint(fitLine(line, area.width, style.glyphs.ellipsis), style))
          .join('\n')}
      </Text>
    </Box>
  );
}

type Paragraph = { text: string; isTitle?: boolean; isCommand?: boolean };

/** For the moment until the simulator's first records are there. */
const storyBegins: Paragraph[] = [
  { text: 'The story begins', isTitle: true },
  { text: 'Two months of work with nine models that do not exist are on their way.' },
];

function textFor(state: PaneInput['state'], style: RenderStyle): Paragraph[] {
  const path = style.clean(state.path);
  const run = 'orchestrator run --project "..." --criteria "..."';
  const begin: Paragraph[] = [
    { text: 'Start a run in another terminal, and it shows here as it happens:' },
    { text: run, isCommand: true },
    { text: 'Or see how it looks with simulated models, without a key:' },
    { text: 'orchestrator demo', isCommand: true },
  ];
  switch (state.data.status) {
    case 'loading': {
      return [{ text: plain(`Reading ${path} …`, style) }];
    }
    case 'empty':
    case 'ready': {
      if (state.simulated && state.runs.length === 0) return storyBegins;
      const leftOut = state.insight && formatLeftOut(state.insight.leftOut);
      const days = state.days === 1 ? 'the last day' : `the last ${state.days} days`;
      return [
        { text: `No runs in ${days}`, isTitle: true },
        { text: path },
        ...(leftOut === undefined ? [] : [{ text: leftOut }]),
        ...(state.runs.some(({ finished }) => finished === undefined)
          ? [{ text: 'A run is in progress, and shows here with its first result. 5 watches it.' }]
          : begin),
        { text: 'An older run may be in a longer window: press ]' },
      ];
    }
    case 'missing': {
      if (state.simulated) return storyBegins;
      return [
        { text: 'No history yet', isTitle: true },
        { text: `There is no ${path}.` },
        ...begin,
      ];
    }
    case 'locked': {
      return [
        { text: 'The database is locked', isTitle: true },
        { text: style.clean(problemMeanwhile(state.data, state.path)) },
      ];
    }
    case 'not-a-database': {
      return [
        { text: 'This is not a telemetry database', isTitle: true },
        { text: style.clean(problemMeanwhile(state.data, state.path)) },
        { text: 'orchestrator dashboard --db FILE', isCommand: true },
      ];
    }
    case 'failed': {
      return [
        { text: 'The database cannot be read', isTitle: true },
        { text: style.clean(problemMeanwhile(state.data, state.path)) },
      ];
    }
  }
}
