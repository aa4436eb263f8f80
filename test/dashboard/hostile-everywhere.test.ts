import { describe, expect, it } from 'vitest';
import type { Insight } from '../../source/domain/insight.ts';
import type { RunEvent } from '../../source/domain/run-event.ts';
import { renderPlainDashboard } from '../../source/dashboard/plain/index.ts';
import { eventLine, runSummary } from '../../source/dashboard/run-view/text.ts';
import { mockInsight } from '../support/insight.ts';
import { runStory, storyEnds, storyGoesOn } from '../support/run-story.ts';
import { runState } from '../support/runs.ts';
import { frameOf, openSession } from '../support/session.tsx';

const hostile = '\u001B[35m\u001B]52;c;eA==\u0007\u009B2J\u202E\u2028\u0008\r\n';

/** What the program itself decides on, and looks at; everything else comes from files, servers and models. */
const own = new Set([
  'type',
  'kind',
  'status',
  'confidence',
  'phase',
  'step',
  'role',
  'outcome',
  'reviewMode',
  'basis',
  'code',
  'source',
  'strategy',
]);

/** The same, every text from outside made hostile. */
function spoilt(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return own.has(key) ? value : `${value}${hostile}x`;
  if (Array.isArray(value)) return value.map((item) => spoilt(item, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, spoilt(item, name)]),
  );
}

const harmful = ['\u001B[35m', '\u001B]', '\u0007', '\u009B', '\u202E', '\u2028', '\b', '\r'];

/** What a text holds that a terminal would act on. */
const harmIn = (text: string): string[] => harmful.filter((part) => text.includes(part));

const insight = spoilt(mockInsight()) as Insight;
const story = storyGoesOn(runStory());
const events = spoilt(story) as RunEvent[];
const ended = spoilt(storyEnds(story)) as RunEvent[];

/** The keys to every view. */
const views: string[][] = [
  [],
  ['2'],
  ['2', '+'],
  ['3'],
  ['4'],
  ['4', 'enter'],
  ['5'],
  ['5', 'enter'],
  ['5', 'enter', 'g', 'enter'],
  ['5', 'enter', 'down', 'down', 'enter'],
  ['enter'],
  ['enter', 'down', 'enter'],
  ['L'],
  ['c'],
  ['?'],
];

describe('texts from outside, all of them hostile', () => {
  it.each(views)('reach no view but as text: %s %s %s %s %s', (...keys) => {
    for (const [columns, rows] of [
      [80, 24],
      [200, 60],
    ] as const) {
      const session = openSession({
        insight,
        runs: [runState(events), runState(ended)],
        columns,
        rows,
      });
      session.press(...keys.filter((key) => typeof key === 'string'));
      expect(harmIn(frameOf(session.state(), { depth: 16 }))).toEqual([]);
      session.press('y', 'e');
      expect(harmIn(frameOf(session.state(), { depth: 16 }))).toEqual([]);
      for (const sequence of session.asked) {
        const payload = sequence.split(']52;c;')[1]?.split('\u0007')[0] ?? '';
        const copied = Buffer.from(payload, 'base64').toString();
        expect(harmIn(copied)).toEqual([]);
        expect(copied).not.toContain('\n');
      }
    }
  });

  it('reach no printed page but as text', () => {
    for (const view of ['overview', 'by-task', 'cost'] as const) {
      expect(
        harmIn(renderPlainDashboard(insight, { view, simulated: false, ascii: false })),
      ).toEqual([]);
    }
    expect(harmIn(runSummary(runState(ended), ['one remark']))).toEqual([]);
    for (const event of ended) expect(harmIn(eventLine(event) ?? '')).toEqual([]);
  });

  it('are names like any other where JavaScript knows them too', () => {
    const names = ['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty', 'then'];
    const types = [...new Set(mockInsight().cells.map(({ taskType }) => taskType))];
    const nameOf = new Map(types.map((type, index) => [type, names[index % names.length]]));
    const renamed = JSON.parse(
      JSON.stringify(mockInsight()).replaceAll(/"([a-z_]+)"/g, (whole, word: string) =>
        nameOf.has(word) ? `"${nameOf.get(word)}"` : whole,
      ),
    ) as Insight;
    for (const keys of views) {
      const session = openSession({ insight: renamed, columns: 200, rows: 60 });
      session.press(...keys, 'y', 'e');
      expect(frameOf(session.state(), { depth: 16 })).not.toMatch(/native code|\[object|undefined/);
    }
    for (const view of ['overview', 'by-task', 'cost'] as const) {
      const page = renderPlainDashboard(renamed, { view, simulated: false, ascii: false });
      expect(page).not.toMatch(/native code|\[object|undefined/);
    }
  });
});
