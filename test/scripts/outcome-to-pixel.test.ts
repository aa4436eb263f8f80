import { afterAll, expect, it } from 'vitest';
import { openTracer, workingOnEach } from '../../scripts/outcome-to-pixel.ts';
import { scriptOf } from '../../scripts/outcome-to-pixel/program.ts';
import { documents, root } from '../support/documents.ts';

const minutes = 60_000;
const tracer = openTracer(root);
afterAll(() => tracer.close());

/** The steps of docs/architecture.md, from the event on; those that come later wait until a day is over. */
function describedSteps(): { file: string; isLater: boolean }[] {
  const { text } = documents.find(({ path }) => path === 'docs/architecture.md') ?? { text: '' };
  const steps = [...text.matchAll(/^\| ([^|]+) \| `source\/([^`]+)` \|[^|]+\|$/gm)].map(
    ([, step = '', file = '']) => ({ file: scriptOf(file), isLater: step.startsWith('later:') }),
  );
  return steps.slice(steps.findIndex(({ file }) => file.endsWith('record-telemetry.js')));
}

it(
  'every step that the page describes works on each outcome',
  async () => {
    const { each } = await workingOnEach(tracer);
    const summing = await tracer.calls('sums', 1);
    const steps = describedSteps();
    expect(steps.length).toBeGreaterThan(10);
    const idle = steps.filter(({ file, isLater }) =>
      isLater ? !summing.has(file) : !each.includes(file),
    );
    expect(idle).toEqual([]);
  },
  3 * minutes,
);

it(
  'without a step the number does not arrive; without advice and money it does',
  async () => {
    const on = 'telemetry/insight/model-stats.js';
    const off = ['telemetry/insight/spend.js', 'telemetry/recommendations/index.js'];
    expect(await tracer.needed('rows', [on, ...off])).toEqual(new Set([on]));
  },
  3 * minutes,
);
