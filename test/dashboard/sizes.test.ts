import { describe, expect, it } from 'vitest';
import { widthOf } from '../../source/dashboard/text/index.ts';
import { hostileInsight, largeInsight, mockInsight, oneModelInsight } from '../support/insight.ts';
import type { RunEvent } from '../../source/domain/run-event.ts';
import { runStory } from '../support/run-story.ts';
import { runEvents, runState } from '../support/runs.ts';
import { frameOf, openSession } from '../support/session.tsx';
import { stripVTControlCharacters } from 'node:util';

const sizes: [number, number][] = [
  [20, 6],
  [39, 10],
  [40, 10],
  [50, 13],
  [60, 20],
  [80, 24],
  [119, 40],
  [120, 10],
  [120, 29],
  [160, 50],
  [300, 6],
  [300, 100],
];

const insights = {
  'one model': oneModelInsight(),
  'the mock': mockInsight(),
  'many models': largeInsight(),
  'hostile names': hostileInsight(),
};

/** A run whose texts from outside are wide, turned round, coloured and long. */
const hostileStory = (): RunEvent[] =>
  JSON.parse(
    JSON.stringify(runStory())
      .replaceAll('deepseek-chat', String.raw`\u001b[31m\u202e模型👩‍👩‍👧‍👦`.repeat(12))
      .replaceAll('limiter', String.raw`é\u0301\u0301🇨🇭\n\u001b]52;c;eA==\u0007`)
      .replaceAll('the model refused', 'm'.repeat(200)),
  );

/** The keys to every view. */
const views: Record<string, string[]> = {
  overview: [],
  'overview, another pane': ['right', 'down', 'down'],
  routes: ['2', 'down', 'down', 'down'],
  'routes, what if': ['2', '+', '+', '+'],
  route: ['2', 'down', 'enter', 'down'],
  'route, what if': ['2', 'enter', '+', '+', '+'],
  cost: ['3', 'G'],
  recommendations: ['4', 'G'],
  evidence: ['4', 'enter'],
  runs: ['5'],
  run: ['5', 'enter'],
  'run, the last task': ['5', 'enter', 'G'],
  'run, hostile, filtered': ['5', 'down', 'enter', '/', 't', '1'],
  task: ['5', 'down', 'enter', 'down', 'enter'],
  model: ['down', 'enter'],
  'model, another series': ['down', 'enter', 'right', '+'],
  event: ['enter', 'down', 'enter'],
  learning: ['L'],
  'column picker': ['c', 'G'],
  'every column': ['c', 'j', 'j', 'j', 'j', 'j', 'j', ' ', 'j', 'j', ' ', 'j', ' ', 'j', ' ', 'c'],
  'one column': ['c', ' ', 'j', ' ', 'j', ' ', 'j', ' ', 'j', ' ', 'j', ' ', 'j', 'j', ' ', 'c'],
  help: ['?'],
  'help, the last line': ['?', ...Array.from({ length: 40 }, () => 'down')],
  palette: [':'],
  'palette, typed': [':', '模', '\u001B', 'a', 'down'],
  filter: ['/', '模', 'x'],
};

describe.each(Object.entries(insights))('with %s', (_, insight) => {
  it.each(Object.entries(views))('%s never exceeds the terminal, whatever its size', (__, keys) => {
    const session = openSession({
      insight,
      runs: [
        runState(hostileStory()),
        runState(runEvents('x'.repeat(64), '\u001B[31m模型'.repeat(9))),
      ],
    });
    session.press(...keys);
    for (const [columns, rows] of sizes) {
      session.store.dispatch({ type: 'resized', size: { columns, rows } });
      const lines = frameOf(session.state(), { depth: 256 }).split('\n');
      expect(lines.length).toBeLessThanOrEqual(rows);
      const widest = Math.max(...lines.map((line) => widthOf(stripVTControlCharacters(line))));
      expect(widest).toBeLessThanOrEqual(columns);
      expect(stripVTControlCharacters(lines.join(''))).not.toMatch(/\p{Cc}/u);
      expect(lines.join('\n')).not.toMatch(/NaN|Infinity|undefined|\[object/);
    }
  });
});
