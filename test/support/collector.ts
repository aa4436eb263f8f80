import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { Reported } from './gen-ai-conventions.ts';

export type ReceivedSpan = Reported & { spanId: string; parentSpanId: string; kind: number };
export type ReceivedEvent = Reported & { spanId: string };
export type ReceivedMetric = { name: string; unit: string; points: Reported[]; count: number };

/** What arrived at an OTLP collector of our own, over HTTP as JSON. */
export type Collector = {
  address: string;
  spans: ReceivedSpan[];
  events: ReceivedEvent[];
  metrics: ReceivedMetric[];
  /** All that was sent, as it came. */
  text: () => string;
};

const valueSchema: z.ZodType = z
  .object({
    stringValue: z.string().optional(),
    intValue: z.coerce.number().optional(),
    doubleValue: z.number().optional(),
    arrayValue: z.object({ values: z.array(z.lazy(() => valueSchema)) }).optional(),
  })
  .transform(
    ({ stringValue, intValue, doubleValue, arrayValue }) =>
      stringValue ?? intValue ?? doubleValue ?? arrayValue?.values,
  );
const attributes = z
  .array(z.object({ key: z.string(), value: valueSchema }))
  .default([])
  .transform((list): Record<string, unknown> =>
    Object.fromEntries(list.map(({ key, value }) => [key, value])),
  );
const schemaUrl = z.string().optional();
const span = z.object({
  name: z.string(),
  kind: z.number(),
  spanId: z.string(),
  parentSpanId: z.string().default(''),
  attributes,
  status: z.object({ code: z.number().default(0) }),
});
const record = z.object({ eventName: z.string(), spanId: z.string(), attributes });
const metric = z.object({
  name: z.string(),
  unit: z.string(),
  histogram: z.object({ dataPoints: z.array(z.object({ attributes, count: z.coerce.number() })) }),
});
const bodySchema = z.object({
  resourceSpans: z
    .array(z.object({ scopeSpans: z.array(z.object({ schemaUrl, spans: z.array(span) })) }))
    .default([]),
  resourceLogs: z
    .array(z.object({ scopeLogs: z.array(z.object({ schemaUrl, logRecords: z.array(record) })) }))
    .default([]),
  resourceMetrics: z
    .array(z.object({ scopeMetrics: z.array(z.object({ schemaUrl, metrics: z.array(metric) })) }))
    .default([]),
});

export async function startCollector(): Promise<Collector> {
  const texts: string[] = [];
  const collector: Collector = {
    address: '',
    spans: [],
    events: [],
    metrics: [],
    text: () => texts.join('\n'),
  };
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString('utf8');
      texts.push(text);
      take(collector, text);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  collector.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return collector;
}

function take({ spans, events, metrics }: Collector, text: string): void {
  const { resourceSpans, resourceLogs, resourceMetrics } = bodySchema.parse(JSON.parse(text));
  for (const { schemaUrl, ...scope } of resourceSpans.flatMap(({ scopeSpans }) => scopeSpans)) {
    for (const { status, ...one } of scope.spans) {
      spans.push({ ...one, schemaUrl, isError: status.code === 2 });
    }
  }
  for (const { schemaUrl, logRecords } of resourceLogs.flatMap(({ scopeLogs }) => scopeLogs)) {
    for (const { eventName, ...one } of logRecords) {
      events.push({ ...one, name: eventName, schemaUrl });
    }
  }
  for (const scope of resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics)) {
    for (const { name, unit, histogram } of scope.metrics) {
      const { schemaUrl } = scope;
      const points = histogram.dataPoints.map((point) => ({ ...point, name, schemaUrl }));
      metrics.push({
        name,
        unit,
        points,
        count: points.reduce((sum, { count }) => sum + count, 0),
      });
    }
  }
}
