import { isRecord } from '../../domain/is-record.ts';
import { metrics, trace } from 'opentelemetry-api';
import { loggerProviders } from './events.ts';

/** Whether an SDK is there that takes spans. */
export function isTraced(): boolean {
  const registered: unknown = Reflect.get(globalThis, Symbol.for('opentelemetry.js.api.1'));
  return isRecord(registered) && registered['trace'] !== undefined;
}

/**
 * Waits until what was reported has left for its collector, for so many milliseconds at most: a process that
 * ends right after a short run would take it along. False where some of it is still there. Never rejects.
 */
export async function deliverTraces(mostMs: number): Promise<boolean> {
  if (!isTraced()) return true;
  const providers = [trace.getTracerProvider(), metrics.getMeterProvider(), ...loggerProviders()];
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), mostMs);
  });
  const delivered = Promise.allSettled(providers.map(flush)).then(() => true);
  const isInTime = await Promise.race([limit, delivered]);
  clearTimeout(timer);
  return isInTime;
}

/** The API hands out a stand-in for what is registered with it. */
async function flush(provider: unknown): Promise<void> {
  const real = has(provider, 'getDelegate') ? provider.getDelegate() : provider;
  if (has(real, 'forceFlush')) await real.forceFlush();
}

function has<Name extends string>(
  value: unknown,
  name: Name,
): value is Record<Name, () => unknown> {
  return isRecord(value) && typeof value[name] === 'function';
}
