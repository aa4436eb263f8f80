import type { ReactNode } from 'react';
import type { CandidateAssessment } from '../../domain/routing-decision.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { ownValue } from '../../domain/own-value.ts';
import { formatCount, formatScore, formatShare } from '../format/index.ts';
import { selectedIndex, visibleWhy } from '../state/lists.ts';
import type { OpenModel } from '../state/state.ts';
import { wrapText } from '../text/index.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import { plain } from '../theme/signs.ts';
import type { PaneInput } from './common.ts';
import { pointer, pointerWidth } from '../tables/table.ts';
import { fitBlocks } from './blocks.ts';
import { innerHeight, innerWidth, Pane, type PaneLine } from './pane.tsx';

/** Why routing does or does not choose the model: default, history, blend and rank by task type. */
export function WhyPane({
  state,
  style,
  area,
  openModel,
  isFocused,
}: PaneInput & { openModel: OpenModel }): ReactNode {
  const width = innerWidth(area) - pointerWidth - 1;
  const rows = visibleWhy(state);
  const selected = selectedIndex(
    state,
    'why',
    rows.map(({ taskType }) => taskType),
  );
  const at = isFocused === true ? selected : 0;
  const height = innerHeight(area);
  // Each has three lines or more: those that are further away are not seen, and not worked out.
  const isNear = (index: number): boolean => 3 * Math.abs(index - at) <= height;
  const leads = (taskType: string): boolean =>
    ownValue(state.insight?.leaders ?? {}, taskType)?.model === openModel.detail.model;
  const blocks = rows.map(({ taskType, why }, index): PaneLine[] =>
    !isNear(index)
      ? [{ line: [] }]
      : whyLines({ taskType, why, isLeader: leads(taskType) }, openModel, width, style).map(
          (line, row): PaneLine => ({
            line: [pointer(isFocused === true && index === at && row === 0, style), ...line],
            isSelected: isFocused === true && index === at && row === 0,
          }),
        ),
  );
  const { lines, more } = fitBlocks(blocks, at, height);
  const isCut = more.hasAbove || more.hasBelow;
  return (
    <Pane
      title={[styled('WHY IT IS ROUTED', 'title', true)]}
      note={[styled(isCut && isFocused !== true ? 'w reads all' : 'for a new run', 'muted')]}
      area={area}
      style={style}
      isFocused={isFocused === true}
      more={more}
      lines={rows.length === 0 ? noneLines(openModel, width).map((line) => ({ line })) : lines}
    />
  );
}

function noneLines({ decisions }: OpenModel, width: number): Line[] {
  const text =
    Object.keys(decisions).length === 0
      ? 'What routing makes of it is being worked out.'
      : 'Routing does not know this model here: it is not among the models that are configured now.';
  return wrapText(text, width).map((line) => [gap(1), styled(line, 'muted')]);
}

function whyLines(
  { taskType, why, isLeader }: { taskType: string; why: CandidateAssessment; isLeader: boolean },
  { decisions }: OpenModel,
  width: number,
  style: RenderStyle,
): Line[] {
  const decision = ownValue(decisions, taskType);
  const ranked = decision?.candidates.filter(({ rank }) => rank !== undefined).length ?? 0;
  const isChosen =
    decision !== undefined && (decision.greedyChoice ?? decision.chosen) === why.model;
  const place =
    why.rank === undefined ? (why.excluded ?? 'out') : `rank ${why.rank} of ${formatCount(ranked)}`;
  return [
    [
      styled(style.clean(taskTypeLabel(taskType)), 'title', true),
      styled(`  ${isChosen ? 'chosen' : place}`, isChosen ? 'good' : 'warn'),
    ],
    ...wrapText(plain(beliefOf(why), style), width - 2).map((line): Line => [
      gap(2),
      styled(line, 'muted'),
    ]),
    ...wrapText(style.clean(plain(why.reason, style)), width - 2).map((line): Line => [
      gap(2),
      styled(line),
    ]),
    ...(isLeader && !isChosen ? wrapText(leaderWords, width - 2) : []).map((line): Line => [
      gap(2),
      styled(line, 'muted'),
    ]),
  ];
}

/** Why the leader of the window may not be the first of routing. */
const leaderWords =
  'Leads by quality in this window; routing weighs 90 days of history, and the cost.';

/** `0.6 × default 0.86 + 0.4 × history 0.91 (41 calls) = 0.88` */
function beliefOf({
  default: start,
  history,
  historyWeight,
  profile,
}: CandidateAssessment): string {
  const defaultText = `default ${formatScore(start.qualityScore)}`;
  const result = `= ${formatScore(profile.qualityScore)}`;
  if (history === undefined) return `${defaultText}, no history ${result}`;
  const past = `history ${formatScore(history.qualityScore)} (${formatCount(history.callCount)} calls)`;
  if (history.effectiveCalls === 0) {
    return `${defaultText}, history of ${formatCount(history.callCount)} calls without a score ${result}`;
  }
  if (historyWeight === 1) return `${past} alone ${result}`;
  if (historyWeight === 0) return `${defaultText}, ${past} too short ${result}`;
  return `${formatShare(1 - historyWeight)} ${defaultText} + ${formatShare(historyWeight)} ${past} ${result}`;
}
