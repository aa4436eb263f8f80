import type { Context } from 'opentelemetry-api';
import { isRecord } from '../../domain/is-record.ts';
import { scope } from './scope.ts';

/** What is used of a logger; the API has them from 1.10 on, and a package of their own had them before. */
export type EventLogger = {
  emit(record: {
    eventName: string;
    context: Context;
    attributes: Record<string, string | number>;
  }): void;
};

/** The logger of the SDK that the user brings; undefined where it takes no logs: events are then part of spans. */
export function eventLogger(): EventLogger | undefined {
  const provider = loggerProviders().find(isLoggerProvider);
  const logger: unknown = provider?.getLogger(scope.name, scope.version, {
    schemaUrl: scope.schemaUrl,
  });
  return isEventLogger(logger) ? logger : undefined;
}

/** Where each generation of the API keeps what is registered with it. */
export function loggerProviders(): unknown[] {
  const registered: unknown = Reflect.get(globalThis, Symbol.for('opentelemetry.js.api.1'));
  const older: unknown = Reflect.get(globalThis, Symbol.for('io.opentelemetry.js.api.logs'));
  return [
    isRecord(registered) ? registered['logs'] : undefined,
    // Called with the version of its interface.
    typeof older === 'function' ? Reflect.apply(older, undefined, [1]) : undefined,
  ];
}

type LoggerProvider = { getLogger(name: string, version: string, options: object): unknown };

const isLoggerProvider = (value: unknown): value is LoggerProvider =>
  isRecord(value) && typeof value['getLogger'] === 'function';

const isEventLogger = (value: unknown): value is EventLogger =>
  isRecord(value) && typeof value['emit'] === 'function';
