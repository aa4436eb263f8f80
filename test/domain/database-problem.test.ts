import { expect, it } from 'vitest';
import {
  problemMeanwhile,
  problemToSolve,
  type FailedReading,
} from '../../source/domain/database-problem.ts';

const path = '/data/telemetry.db';

it.each<[FailedReading, string, string]>([
  [
    { status: 'missing' },
    `${path} is gone: run a project with orchestrator run, or name another file with --db.`,
    'telemetry.db is gone; waiting for it to come back.',
  ],
  [
    { status: 'locked' },
    `${path} is locked by another program: try again when that is done.`,
    'telemetry.db is locked by another program; trying again.',
  ],
  [
    { status: 'not-a-database', message: 'no header' },
    `${path} is not a telemetry database: name another file with --db, or move this one away.`,
    'telemetry.db is not a telemetry database; name another one with --db.',
  ],
  [
    { status: 'failed', message: `${path} is damaged: move it away.` },
    `${path} is damaged: move it away.`,
    'telemetry.db is damaged: move it away; trying again.',
  ],
  [
    { status: 'failed', message: 'disk I/O error' },
    `${path} cannot be read: disk I/O error.`,
    'telemetry.db cannot be read: disk I/O error; trying again.',
  ],
])('%o is one sentence that ends in what to do, or in what is done', (reading, once, meanwhile) => {
  expect(problemToSolve(reading, path)).toBe(once);
  expect(problemMeanwhile(reading, path, 'telemetry.db')).toBe(meanwhile);
});
