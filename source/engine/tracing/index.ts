export { traceCall } from './calls.ts';
export { deliverTraces, isTraced } from './deliver.ts';
export { tracePlan, traceRun, traceTask, type TaskSpan } from './spans.ts';
