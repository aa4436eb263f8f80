import { Box } from 'ink';
import type { ReactNode } from 'react';
import { formatPlural, uselessJudgeSentence } from '../format/index.ts';
import { visibleJudges } from '../state/lists.ts';
import { judges } from '../tables/judges.ts';
import { wrapText } from '../text/index.ts';
import { gap, plain, styled, type Line } from '../theme/index.ts';
import type { PaneInput } from './common.ts';
import type { Area } from '../layout/screen.ts';
import { innerWidth, type PaneLine, TablePane } from './pane.tsx';
import { TextPane } from './text-pane.tsx';

/** Who judged how much, how severe it is, and who is uninformative. */
export function JudgesPane(input: PaneInput): ReactNode {
  const rows = visibleJudges(input.state);
  return (
    <TablePane
      {...input}
      list="judges"
      columns={judges}
      facts={undefined}
      rows={rows}
      idOf={({ judge }) => judge}
      title={[styled('JUDGES', 'title', true), styled(`  ${rows.length}`, 'muted')]}
      note={() => [
        styled(input.isFocused === true ? 'adds = to a score, as a rule' : 'J opens', 'muted'),
      ]}
      empty="No judgement is recorded in this window."
    />
  );
}

/** The judges alone, with what their numbers mean. */
export function JudgesView(input: PaneInput): ReactNode {
  const { area, style, state } = input;
  const { lines, below } = judgesLayout(input);
  const height = area.height - (below?.height ?? 0);
  return (
    <Box flexDirection="column">
      <JudgesPane {...input} area={{ ...area, height }} isFocused />
      {below === undefined ? undefined : (
        <TextPane
          title={[styled('WHAT IT MEANS', 'title', true)]}
          area={below}
          style={style}
          lines={lines}
          top={state.scroll?.top ?? 0}
        />
      )}
    </Box>
  );
}

/** Lines that the list of judges keeps, and below which no text stands beside it. */
const listLines = 6;
const textLines = 4;

/** What the numbers mean, and where it stands: below the judges, which leave it what they do not need. */
export function judgesLayout(input: PaneInput): { lines: PaneLine[]; below?: Area } {
  const { area } = input;
  const lines = meaningOf(input, innerWidth(area) - 2).map((line): PaneLine => ({ line }));
  const list = Math.min(visibleJudges(input.state).length + 3, Math.floor(area.height / 2));
  const height = Math.min(lines.length + 2, area.height - Math.max(listLines, list));
  return height < textLines ? { lines } : { lines, below: { ...area, height } };
}

function meaningOf({ state, style }: PaneInput, width: number): Line[] {
  const rows = visibleJudges(state);
  const useless = rows.filter(({ tellsNothing }) => tellsNothing);
  const found = rows.reduce((sum, { agreement }) => sum + (agreement?.results ?? 0), 0);
  const sentences = [
    ...useless.map(({ judge }) => uselessJudgeSentence(style.clean(judge))),
    'adds: how much more a judge gives than the others give to the same model on the same type of task, with its 95% range; below 0 for sure it is severe, above it generous, else average; a judge that does not tell good answers from bad ones is uninformative. It is taken out of every quality that is shown. Own kin: what it adds besides to models of its own provider.',
    found === 0
      ? 'No judge could be held against outcomes yet: mark results as good or bad when the program asks, or with g and b on a task.'
      : `${formatPlural(found, 'judgement')} of results whose outcome is known: off by = how much more the judge gave than was found; follows = the correlation of the two, 1.00 being perfect.`,
  ];
  return sentences.flatMap((sentence) =>
    wrapText(plain(sentence, style), width).map((line): Line => [gap(1), styled(line, 'muted')]),
  );
}
