import { trace, type Tracer } from 'opentelemetry-api';
import { scope } from './scope.ts';

/** Asked for each time: an SDK may come after this file. */
export const tracer = (): Tracer =>
  trace.getTracerProvider().getTracer(scope.name, scope.version, { schemaUrl: scope.schemaUrl });
