/** The run as text; separate from the view, since it needs no Ink. */
export { eventLine } from './event-line.ts';
export { runSummary } from './run-summary.ts';
