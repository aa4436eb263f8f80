import type { InsightReading } from './insight.ts';

/** A reading that found no history to read. */
export type FailedReading = Exclude<InsightReading, { status: 'ready' | 'empty' | 'loading' }>;

/** What is the matter, after the name of the file; what who reads once can do; what a screen that stays does. */
type Problem = { what: string; remedy: string; meanwhile: string };

const problems: Record<Exclude<FailedReading['status'], 'failed'>, Problem> = {
  missing: {
    what: 'is gone',
    remedy: 'run a project with orchestrator run, or name another file with --db',
    meanwhile: 'waiting for it to come back',
  },
  locked: {
    what: 'is locked by another program',
    remedy: 'try again when that is done',
    meanwhile: 'trying again',
  },
  'not-a-database': {
    what: 'is not a telemetry database',
    remedy: 'name another file with --db, or move this one away',
    meanwhile: 'name another one with --db',
  },
};

/** What is the matter with a database and what to do, in one sentence for who reads it once. */
export function problemToSolve(reading: FailedReading, path: string): string {
  if (reading.status === 'failed') return `${failure(reading.message, path, path)}.`;
  const { what, remedy } = problems[reading.status];
  return `${path} ${what}: ${remedy}.`;
}

/** The same for a screen that stays and keeps trying; `name` is what it calls the file. */
export function problemMeanwhile(reading: FailedReading, path: string, name = path): string {
  if (reading.status === 'failed') return `${failure(reading.message, path, name)}; trying again.`;
  const { what, meanwhile } = problems[reading.status];
  return `${name} ${what}; ${meanwhile}.`;
}

/** Most messages are sentences that begin with the file. */
function failure(message: string, path: string, name: string): string {
  const said = message.replace(/\.$/, '');
  return said.startsWith(path) ? name + said.slice(path.length) : `${name} cannot be read: ${said}`;
}
