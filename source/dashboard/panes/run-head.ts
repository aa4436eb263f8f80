import {
  endOf,
  isLive,
  secondsAllowed,
  secondsTaken,
  type RunState,
} from '../../domain/run-state.ts';
import { ownValue } from '../../domain/own-value.ts';
import {
  elsewhereText,
  formatAge,
  formatElapsed,
  formatMoney,
  formatPlural,
} from '../format/index.ts';
import { progress } from '../layout/bars.ts';
import { progressOf, standingsOf } from '../../domain/task-standing.ts';
import { secondsLeft } from '../tables/runs.ts';
import { markOf } from '../tables/task-marks.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import type { Role } from '../theme/palette.ts';
import { fitLine, gap, styled, type Line, type TextSpan } from '../theme/text-span.ts';
import { plain } from '../theme/signs.ts';
import { factsLine } from './common.ts';

/**
 * The lines over a run, what matters most first: where it stands, what is left of it or how it ended,
 * and how to resume it.
 */
export function runHeadLines(
  run: RunState,
  now: number,
  width: number,
  style: RenderStyle,
): Line[] {
  const lines = [standLine(run, now, width, style), ...restLines(run, now, width, style)];
  if (run.elsewhere === undefined) return lines;
  const where = style.clean(elsewhereText(run.elsewhere));
  return [...lines, fitLine([gap(1), styled(where, 'accent')], width, style.glyphs.ellipsis)];
}

/** The last notice in one line, for where there is no room for more. */
export function noticeLine(
  { notices }: RunState,
  width: number,
  style: RenderStyle,
): Line | undefined {
  const notice = notices.at(-1);
  if (notice === undefined) return undefined;
  const task = notice.taskId === undefined ? '' : `${notice.taskId}: `;
  const text = style.clean(plain(task + notice.message, style));
  return fitLine(
    [styled(' ! ', 'warn', true), styled(text, 'muted')],
    width,
    style.glyphs.ellipsis,
  );
}

const barColumns = 22;

function standLine(run: RunState, now: number, width: number, style: RenderStyle): Line {
  const [done, all] = progressOf(run);
  const share = all === 0 ? 0 : done / all;
  const [full, rest] = progress(share, width >= 100 ? barColumns : 10, style.glyphs);
  const isNearlySpent = run.budgetUsd > 0 && run.spentUsd > 0.9 * run.budgetUsd;
  const facts: Line[] = [
    [statusSpan(run, now, style)],
    [
      styled(full, 'good'),
      styled(rest, 'border'),
      gap(2),
      styled(all === 0 ? 'planning' : `${done}/${all} tasks`, 'title', true),
    ],
    [
      styled(formatMoney(run.spentUsd), 'title', true),
      ...(run.budgetUsd > 0 || run.elsewhere === undefined
        ? [styled(` of ${formatMoney(run.budgetUsd)}`, isNearlySpent ? 'warn' : 'muted')]
        : []),
    ],
    [styled(formatElapsed(secondsTaken(run, endOf(run, now))))],
    run.simulated ? [styled('SIMULATED', 'simulated', true)] : [],
    [styled(style.clean(run.projectId), 'muted')],
  ];
  return factsLine(
    facts.filter((fact) => fact.length > 0),
    width,
    style,
  );
}

function statusSpan(run: RunState, now: number, style: RenderStyle): TextSpan {
  const { finished } = run;
  if (finished === undefined) {
    return isLive(run, now)
      ? styled(`${style.glyphs.live} running`, 'good', true)
      : styled('! no sign of life', 'bad', true);
  }
  const [sign, role] = ownValue(endMarks, finished.status) ?? ['best-effort', 'warn'];
  const word = style.clean(finished.status).replaceAll('-', ' ');
  return styled(`${markOf(sign, style.ascii).sign} ${word}`, role, true);
}

const endMarks: Record<string, ['accepted' | 'failed', Role]> = {
  success: ['accepted', 'good'],
  failed: ['failed', 'bad'],
};

function restLines(run: RunState, now: number, width: number, style: RenderStyle): Line[] {
  const problems = problemFacts(run, now);
  const { finished } = run;
  const resume = [
    styled('Resume with: ', 'muted'),
    styled(`orchestrator run --resume ${style.clean(run.projectId)}`, 'accent'),
  ];
  if (finished === undefined) {
    if (isLive(run, now))
      return [
        factsLine(
          [...leftFacts(run, now), ...problems, ...limitFacts(run, now, style)],
          width,
          style,
        ),
      ];
    const age = [styled(`stale for ${formatAge(now - run.lastEventAt)}`)];
    const known = run.elsewhere === undefined ? [age, resume] : [age];
    return [factsLine([...known, ...problems], width, style)];
  }
  const message =
    finished.message === undefined ? [] : [styled(style.clean(plain(finished.message, style)))];
  const facts = [message, ...problems].filter((fact) => fact.length > 0);
  return [
    ...(facts.length === 0 ? [] : [factsLine(facts, width, style)]),
    ...(finished.resumable && run.elsewhere === undefined
      ? [factsLine([resume], width, style)]
      : []),
  ];
}

function leftFacts(run: RunState, now: number): Line[] {
  const { budgetUsd, spentUsd } = run;
  const standings = standingsOf(run, now);
  const open = [...run.tasks.values()].filter((task) => {
    const standing = standings.of(task);
    return standing === 'waiting' || standing === 'running';
  });
  const parts = [
    run.tasks.size === 0 ? '' : formatPlural(open.length, 'task'),
    formatMoney(Math.max(0, budgetUsd - spentUsd)),
  ].filter((part) => part !== '');
  const eta = secondsLeft(run, now);
  return [
    [styled('left: ', 'muted'), styled(parts.join(', '))],
    ...(eta === undefined
      ? []
      : [[styled('about ', 'muted'), styled(formatElapsed(eta)), styled(' to go', 'muted')]]),
  ];
}

/** When the run would be stopped, and what it was expected to cost. */
function limitFacts(run: RunState, now: number, style: RenderStyle): Line[] {
  const { timeLimitSeconds, estimate } = run;
  const seconds = secondsAllowed(run, endOf(run, now));
  const limit: Line[] =
    timeLimitSeconds > 0
      ? [[styled('time limit in ', 'muted'), styled(formatElapsed(seconds))]]
      : [];
  if (estimate === undefined) return limit;
  const { lowUsd, expectedUsd, highUsd } = estimate;
  const range = plain(` (${formatMoney(lowUsd)} … ${formatMoney(highUsd)})`, style);
  return [
    ...limit,
    [styled('estimated ', 'muted'), styled(formatMoney(expectedUsd)), styled(range, 'muted')],
  ];
}

/** How many tasks came to nothing. */
function problemFacts(run: RunState, now: number): Line[] {
  const standings = standingsOf(run, now);
  const all = [...run.tasks.values()].map((task) => standings.of(task));
  const failed = all.filter((standing) => standing === 'failed').length;
  const skipped = all.filter((standing) => standing === 'skipped').length;
  return [
    ...(failed === 0 ? [] : [[styled(`${failed} failed`, 'bad')]]),
    ...(skipped === 0 ? [] : [[styled(`${skipped} skipped`, 'warn')]]),
  ];
}
