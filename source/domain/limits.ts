import { daySeconds } from './durations.ts';

/** Beyond these a recorded number is a mistake of whoever reports it, and one would outweigh all others. */
export const limits = {
  /** Of the name of a project, task, model or task type, in UTF-16 units. */
  name: 1024,
  /** Of one call, or of one task. */
  costUsd: 1e6,
  /** A month. */
  latencyMs: 31 * daySeconds * 1000,
  tokens: 1e9,
  /** Attempts of a task, or of one run; the number of a call in its run. */
  attempts: 1e9,
  /** The end of the year 9999, in Unix seconds: a time in milliseconds is beyond it. */
  at: 253_402_300_799,
};
