import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Insight } from '../../source/domain/insight.ts';
import { largeInsight, mockInsight, oneModelInsight } from '../support/insight.ts';
import { runStory, storyEnds, storyGoesOn } from '../support/run-story.ts';
import { runEvents, runState } from '../support/runs.ts';
import { frameOf, openSession } from '../support/session.tsx';

type Box = { title: string; width: number; lines: string[]; bottom: string };

/** Every framed pane of a screen. */
function boxesOf(screen: string): Box[] {
  const rows = screen.split('\n');
  return rows.flatMap((row, top) =>
    Array.from(row.matchAll(/╭[^╭╮]*╮/g), ({ 0: head, index }): Box => {
      const end = index + head.length;
      const below = rows.slice(top + 1);
      const height = below.findIndex((line) => line[index] === '╰');
      return {
        title: /╭ ([A-Z /]+)/.exec(head)?.[1]?.trim() ?? '',
        width: head.length,
        lines: below.slice(0, height).map((line) => line.slice(index + 1, end - 1).trim()),
        bottom: below[height]?.slice(index, end) ?? '',
      };
    }),
  );
}

/** Drawn or told to their room: more of it is another picture or wording, not more lines. */
const drawn = /^(TASK$|QUALITY|VALUE|COST|LATENCY|SUCCESS|SPEND BY DAY|LEARNING|QUALITY BY COST)/;

const views: Record<string, string[]> = {
  overview: [],
  'overview, leaders': ['right'],
  'overview, cost': ['right', 'right'],
  routes: ['2'],
  route: ['2', 'enter'],
  'route, its tasks': ['2', 'enter', 'right'],
  'route, what if': ['2', 'enter', '+', '+'],
  cost: ['3'],
  'cost by project': ['3', 'right', 'right'],
  judges: ['3', 'J'],
  recommendations: ['4'],
  evidence: ['4', 'enter'],
  runs: ['5'],
  run: ['5', 'enter'],
  task: ['5', 'enter', 'home', 'enter'],
  model: ['enter'],
  'model, why': ['enter', 'w'],
  event: ['enter', 'enter'],
  'two models': ['m', 'down', '='],
  help: ['?'],
};

const insights: Record<string, Insight> = {
  'one model': oneModelInsight(),
  'the mock': mockInsight(),
  'many models': largeInsight(),
};

const sizes = [
  [40, 10],
  [60, 20],
  [80, 24],
  [120, 40],
  [160, 45],
] as const;

/** Lines of a pane that there is no room for, though nothing on it says that there are more. */
function lostIn(box: Box, whole: Box | undefined): string[] {
  if (whole === undefined || whole.width !== box.width || drawn.test(box.title)) return [];
  if (/[↑↓]/.test(box.bottom) || box.lines.some((line) => line.includes('…'))) return [];
  const shown = new Set(box.lines);
  return whole.lines.filter((line) => line !== '' && !shown.has(line));
}

describe.each(Object.entries(insights))('with %s', (_, insight) => {
  it.each(Object.entries(views))('%s marks whatever it has no room for', (__, keys) => {
    for (const [columns, rows] of sizes) {
      const session = openSession({
        insight,
        columns,
        rows,
        runs: [runState(storyEnds(storyGoesOn(runStory()))), runState(runEvents())],
      });
      session.press(...keys);
      const screen = () => boxesOf(stripVTControlCharacters(frameOf(session.state())));
      const boxes = screen();
      session.store.dispatch({ type: 'resized', size: { columns, rows: 200 } });
      const tall = screen();
      const lost = boxes.flatMap((box) =>
        lostIn(
          box,
          tall.find(({ title }) => title === box.title),
        ).map((line) => `${columns}×${rows} ${box.title}: ${line}`),
      );
      expect(lost).toEqual([]);
    }
  });

  it.each(Object.entries(views))('%s has titles above its rows, whole', (__, keys) => {
    for (const [columns, rows] of sizes) {
      const session = openSession({ insight, columns, rows, runs: [runState(runEvents())] });
      session.press(...keys);
      const screen = stripVTControlCharacters(frameOf(session.state()));
      const list = boxesOf(screen).find(({ lines }) => lines.some((line) => line.startsWith('❯')));
      const head = list?.lines[0] ?? '';
      const isTable = list !== undefined && /[A-Z]/.test(head) && head.includes('  ');
      expect([isTable || !/^[❯●○·]/.test(head) || noTable.test(list?.title ?? ''), head]).toEqual([
        true,
        head,
      ]);
    }
  });
});

/** Sentences, one below the other, that are no table. */
const noTable = /^(RECOMMENDATIONS|KEYS|WHY)/;
