import { type Attributes, type Histogram, metrics, type MeterProvider } from 'opentelemetry-api';
import { scope } from './scope.ts';

/** The two metrics of the conventions for clients of generative AI. */
type Instruments = { duration: Histogram; tokens: Histogram };

/** As the conventions advise: seconds that double, tokens that quadruple. */
const secondBoundaries = Array.from({ length: 14 }, (_, step) => 0.01 * 2 ** step);
const tokenBoundaries = Array.from({ length: 14 }, (_, step) => 4 ** step);

const known = new WeakMap<MeterProvider, Instruments>();

/** Made once per SDK, which may come after this file. */
function instruments(): Instruments {
  const provider = metrics.getMeterProvider();
  const there = known.get(provider);
  if (there !== undefined) return there;
  const meter = provider.getMeter(scope.name, scope.version, { schemaUrl: scope.schemaUrl });
  const made = {
    duration: meter.createHistogram('gen_ai.client.operation.duration', {
      description: 'GenAI operation duration.',
      unit: 's',
      advice: { explicitBucketBoundaries: secondBoundaries },
    }),
    tokens: meter.createHistogram('gen_ai.client.token.usage', {
      description: 'Number of input and output tokens used.',
      unit: '{token}',
      advice: { explicitBucketBoundaries: tokenBoundaries },
    }),
  };
  known.set(provider, made);
  return made;
}

/** Measures one call that is over; `attributes` are those of the call that few values are known of. */
export function measureCall(
  attributes: Attributes,
  latencyMs: number,
  usage?: { inputTokens: number; outputTokens: number },
): void {
  const { duration, tokens } = instruments();
  duration.record(latencyMs / 1000, attributes);
  if (usage === undefined) return;
  tokens.record(usage.inputTokens, { ...attributes, 'gen_ai.token.type': 'input' });
  tokens.record(usage.outputTokens, { ...attributes, 'gen_ai.token.type': 'output' });
}
