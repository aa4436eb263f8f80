import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { goodAnswer, run, task } from './support/run.ts';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.ts';

const exporter = new InMemorySpanExporter();
let server: ScriptedServer;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  );
  let faults = 0;
  server = await startScriptedServer((asked) => {
    if (asked.role === 'generator' && faults === 0) {
      faults += 1;
      return { status: 503 };
    }
    return goodAnswer(asked);
  });
});
beforeEach(() => exporter.reset());
afterAll(async () => {
  trace.disable();
  context.disable();
  await server.close();
});

it('traces a run, its tasks and every call, by the conventions and without content', async () => {
  const { outcome } = await run(server, { tasks: [task('a', { prompt: 'Do the secret thing' })] });
  const spans = exporter.getFinishedSpans();
  const named = (name: string) => spans.filter((span) => span.name.startsWith(name));
  const [whole] = named('invoke_workflow orchestrator');
  const [taskSpan] = named('orchestrator.task');
  expect(whole?.attributes).toMatchObject({
    'orchestrator.project.id': 'p-test',
    'orchestrator.run.status': 'success',
    'orchestrator.cost_usd': outcome.spentUsd,
  });
  expect(taskSpan?.parentSpanContext?.spanId).toBe(whole?.spanContext().spanId);
  expect(taskSpan?.attributes).toMatchObject({
    'orchestrator.task.type': 'summarization',
    'orchestrator.task.score': 0.95,
  });
  expect(taskSpan?.events).toEqual([]);
  const calls = named('chat ');
  expect(calls.length).toBe(server.asked.length);
  for (const call of calls) {
    expect(call.parentSpanContext?.spanId).toBe(taskSpan?.spanContext().spanId);
  }
  const byStart = calls.toSorted((a, b) => milliseconds(a.startTime) - milliseconds(b.startTime));
  const [failed, answered] = byStart;
  expect(failed?.attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'error.type': '503',
    'orchestrator.error': 'overloaded',
  });
  expect(answered?.attributes).toMatchObject({
    'gen_ai.request.max_tokens': 1024,
    'gen_ai.usage.input_tokens': 100,
    'gen_ai.usage.output_tokens': 50,
    'gen_ai.response.finish_reasons': ['stop'],
    'server.address': '127.0.0.1',
    'server.port': Number(new URL(server.baseUrl).port),
  });
  // Without logs in the SDK, what was found of an answer is an event of the call that gave it.
  expect(answered?.events).toMatchObject([
    {
      name: 'gen_ai.evaluation.result',
      attributes: { 'gen_ai.evaluation.name': 'judge', 'gen_ai.evaluation.score.value': 0.95 },
    },
  ]);
  const { startTime, endTime } = { ...answered };
  // Kept open for that, it ended when its answer was there.
  const judged = calls.find(({ attributes }) => attributes['orchestrator.role'] === 'judge');
  expect(milliseconds(endTime)).toBeGreaterThanOrEqual(milliseconds(startTime));
  expect(milliseconds(endTime)).toBeLessThanOrEqual(milliseconds(judged?.endTime));
  expect(
    JSON.stringify(spans.map(({ attributes, events }) => ({ attributes, events }))),
  ).not.toMatch(/secret thing|Answer to/);
});

const milliseconds = ([seconds, nanoseconds]: readonly [number, number] = [0, 0]): number =>
  seconds * 1000 + nanoseconds / 1e6;
