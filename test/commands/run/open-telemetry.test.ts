import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { journalPath, readJournal } from '../../../source/engine/index.ts';
import { startCollector, type Collector } from '../../support/collector.ts';
import { events, metrics, operations, violationsOf } from '../../support/gen-ai-conventions.ts';
import { startProgram } from '../../support/program.ts';
import { createWorld, wellBehaved, type World } from '../support/world.ts';

const argv = ['run', '--project', 'The secret plan', '--criteria', 'Good', '--project-id', 'mine'];

/** What the page tells: where to send, and nothing else. JSON, so that the collector can read it. */
const tracedTo = ({ directory, environment }: World, address: string) => ({
  environment: {
    ...environment,
    OTEL_EXPORTER_OTLP_ENDPOINT: address,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  },
  workingDirectory: directory,
});

const callsOf = ({ cache }: World) =>
  readJournal(journalPath(join(cache, 'runs'), 'mine')).filter(
    (event) => event.type === 'call-finished',
  );

/** All that breaks the conventions, in whatever arrived. */
const allViolations = ({ spans, events: received, metrics: measured }: Collector): string[] => [
  ...spans.flatMap((span) => {
    const operation = span.attributes['gen_ai.operation.name'];
    if (typeof operation !== 'string')
      return violationsOf(span, { must: {}, may: { 'error.type': 'text' } });
    const rule = operations[operation];
    if (rule === undefined) return [`${span.name}: no operation ${operation}`];
    const named = rule.named === undefined ? [] : [span.attributes[rule.named]];
    const name = [operation, ...named].join(' ');
    return [
      ...violationsOf(span, rule),
      ...(span.name === name ? [] : [`${span.name} is not ${name}`]),
      ...(span.kind === rule.kind ? [] : [`${span.name}: kind ${span.kind}`]),
    ];
  }),
  ...received.flatMap((event) => {
    const rule = events[event.name];
    return rule === undefined ? [`no event ${event.name}`] : violationsOf(event, rule);
  }),
  ...measured.flatMap(({ name, unit, points }) => {
    const rule = metrics[name];
    if (rule === undefined || rule.unit !== unit) return [`no metric ${name} in ${unit}`];
    return points.flatMap((point) => violationsOf(point, rule));
  }),
];

describe('a run whose environment names a collector', () => {
  it('has delivered every span, event and metric when it ends, by the conventions', async () => {
    const collector = await startCollector();
    let faults = 0;
    const world = await createWorld((asked) => {
      if (asked.role === 'generator' && faults === 0) {
        faults += 1;
        return { status: 503 };
      }
      return wellBehaved(asked);
    });
    const run = startProgram(argv, tracedTo(world, collector.address));
    expect(await run.ended).toMatchObject({ exitCode: 0 });
    expect(run.stderr()).toBe('');
    const calls = callsOf(world);
    const { spans } = collector;
    const named = (name: string) => spans.filter((span) => span.name.startsWith(name));
    const [whole] = named('invoke_workflow');
    const [plan] = named('plan');
    const tasks = named('orchestrator.task');
    const chats = named('chat ');
    expect(chats).toHaveLength(calls.length);
    expect(tasks).toHaveLength(2);
    expect(allViolations(collector)).toEqual([]);
    expect(plan?.parentSpanId).toBe(whole?.spanId);
    expect(tasks.map(({ parentSpanId }) => parentSpanId)).toEqual([whole?.spanId, whole?.spanId]);
    const planners = chats.filter(
      ({ attributes }) => attributes['orchestrator.role'] === 'planner',
    );
    expect(planners.map(({ parentSpanId }) => parentSpanId)).toEqual([plan?.spanId]);
    const failed = chats.filter(({ isError }) => isError === true);
    expect(failed.map(({ attributes }) => attributes['error.type'])).toEqual(['503']);

    const answers = chats.filter(
      ({ attributes, isError }) =>
        attributes['orchestrator.role'] === 'generator' && isError !== true,
    );
    expect(new Set(collector.events.map(({ spanId }) => spanId))).toEqual(
      new Set(answers.map(({ spanId }) => spanId)),
    );
    expect(collector.events).toHaveLength(2);
    const durations = collector.metrics.filter(({ name }) => name.endsWith('operation.duration'));
    expect(durations.map(({ count }) => count)).toEqual([calls.length]);
    const tokens = collector.metrics.filter(({ name }) => name.endsWith('token.usage'));
    expect(tokens.map(({ count }) => count)).toEqual([2 * (calls.length - 1)]);
    // Neither what was asked, nor what was answered, nor the arguments of the process.
    expect(collector.text()).not.toMatch(/secret plan|An answer of|Do first/);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('has delivered them after %s too', async (signal) => {
    const collector = await startCollector();
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const world = await createWorld(async (asked) => {
      if (asked.role === 'generator' && asked.section('task') === 'Do second.') await held;
      return wellBehaved(asked);
    });
    const run = startProgram(argv, tracedTo(world, collector.address));
    await run.says('first accepted');
    run.child.kill(signal);
    await run.says('Stopping');
    letGo();
    await run.ended;
    const chats = collector.spans.filter(({ name }) => name.startsWith('chat '));
    expect(chats).toHaveLength(callsOf(world).length);
    expect(collector.spans.filter(({ name }) => name.startsWith('invoke_workflow'))).toHaveLength(
      1,
    );
    expect(collector.events).toHaveLength(1);
    expect(allViolations(collector)).toEqual([]);
  });

  it.each(['hangs', 'refuses', 'fails'])(
    'ends as soon as it may, and says nothing, where the collector %s',
    async (what) => {
      const server = createServer((_, response) => {
        if (what === 'fails') response.writeHead(500).end();
      });
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      const { port } = server.address() as AddressInfo;
      const close = (): void => {
        server.closeAllConnections();
        server.close();
      };
      if (what === 'refuses') close();
      else onTestFinished(close);
      const world = await createWorld();
      const run = startProgram(argv, tracedTo(world, `http://127.0.0.1:${port}`));
      expect(await run.ended).toMatchObject({ exitCode: 0 });
      const finished = readJournal(journalPath(join(world.cache, 'runs'), 'mine')).at(-1);
      // Five seconds are for the collector; its exporters would try for twenty.
      expect(Date.now() / 1000 - (finished?.at ?? 0)).toBeLessThan(10);
      expect(run.stdout()).toContain('Results: ');
      expect(run.stderr()).toBe('');
    },
  );
});
