import { expect, it } from 'vitest';
import { eventLine } from '../../source/dashboard/run-view/event-line.ts';
import { runHeadLines } from '../../source/dashboard/panes/run-head.ts';
import { taskFactLines } from '../../source/dashboard/panes/task-facts.ts';
import { runLines } from '../../source/dashboard/run-view/run-lines.ts';
import { runSummary } from '../../source/dashboard/run-view/run-summary.ts';
import { renderStyleOf } from '../../source/dashboard/theme/index.ts';
import { isRecord } from '../../source/domain/is-record.ts';
import { digestOf } from '../../source/domain/run-report.ts';
import { applyRunEvent, emptyRunState } from '../../source/domain/run-state.ts';
import { standingsOf } from '../../source/domain/task-standing.ts';
import { isRunEvent } from '../../source/engine/journal/event-guard.ts';
import { someNow } from '../support/insight.ts';
import { runStory, storyEnds, storyGoesOn } from '../support/run-story.ts';

const style = renderStyleOf({ theme: 'plain', depth: 1, ascii: false });

/** Whatever draws a run, of the events that a journal would give. */
function draw(events: readonly unknown[]): string {
  const run = emptyRunState('p');
  const read = events.filter(isRunEvent);
  for (const event of read) applyRunEvent(run, event);
  const standings = standingsOf(run, someNow);
  const lines = [
    ...runHeadLines(run, someNow, 78, style),
    ...runLines(run, someNow, { columns: 80, rows: 24 }, style),
    ...[...run.tasks.values()].flatMap((task) =>
      taskFactLines({ run, task, standings, now: someNow, style, width: 78 }),
    ),
  ].map((line) => line.map(({ text }) => text).join(''));
  return [
    ...lines,
    ...read.map(eventLine),
    runSummary(run, []),
    JSON.stringify(digestOf(run)),
  ].join('\n');
}

const values = [undefined, null, {}, [], [null], 'constructor', '__proto__', 7, -1, 1e308, true];

/** Every copy of a value with one part of it replaced. */
function* variantsOf(value: unknown): Generator {
  if (!isRecord(value) && !Array.isArray(value)) return;
  // Of a list, the first stands for all.
  for (const [name, part] of Object.entries(value).slice(0, Array.isArray(value) ? 1 : undefined)) {
    const withPart = (other: unknown): unknown => {
      const copy: object = structuredClone(value);
      Reflect.set(copy, name, other);
      return copy;
    };
    for (const other of values) yield withPart(other);
    for (const other of variantsOf(part)) yield withPart(other);
  }
}

const story = storyEnds(storyGoesOn(runStory()));
const types = [...new Set(story.map(({ type }) => type))];

it.each(types)('draws a journal whatever stands in its %s', (type) => {
  for (const at of new Set([
    story.findIndex((event) => event.type === type),
    story.findLastIndex((event) => event.type === type),
  ])) {
    const illDrawn = [...variantsOf(story[at])].filter((event) => {
      const text = draw([...story.slice(0, at), event, ...story.slice(at + 1)]);
      return /native code|\[object|undefined|NaN|Infinity/.test(text);
    });
    expect(illDrawn).toEqual([]);
  }
});
