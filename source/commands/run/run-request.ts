import { randomUUID } from 'node:crypto';
import { defined } from '../../domain/defined.ts';
import { UsageError } from '../../domain/errors.ts';
import type { TaskSpec } from '../../domain/run-event.ts';
import { projectIdPattern } from '../../engine/index.ts';
import { numberFlag, textFlag } from '../command-line/flag-values.ts';
import type { FlagValues } from '../command-line/specification.ts';

/** What a run is asked to do. */
export type RunRequest = {
  projectId: string;
  project: string;
  criteria: string;
  tasks?: readonly TaskSpec[];
  budgetUsd: number;
  timeLimitSeconds: number;
  concurrency: number;
  /** What the run is called by. */
  tags?: Readonly<Record<string, string>>;
};

export const defaultLimits = { budgetUsd: 8, timeLimitSeconds: 5400, concurrency: 3 } as const;

/** What the flags say of limits. @throws UsageError naming the flag and its range. */
export function limitFlags(flags: FlagValues): Partial<Record<keyof typeof defaultLimits, number>> {
  const budgetUsd = numberFlag(flags, 'budget', { min: 0.000_001, max: 1_000_000 });
  const timeLimitSeconds = numberFlag(flags, 'time', { min: 1, max: 2_000_000 });
  const concurrency = numberFlag(flags, 'concurrency', { min: 1, max: 1000, whole: true });
  return defined({ budgetUsd, timeLimitSeconds, concurrency });
}

/**
 * A name that is also a directory.
 *
 * @throws UsageError where it is not one that stays inside the runs directory.
 */
export function checkedProjectId(id: string, flag: string): string {
  if (projectIdPattern.test(id)) return id;
  throw new UsageError(
    `${flag} ${JSON.stringify(id)} is not a name of 1 to 64 letters, digits, dots, dashes and underscores: choose such a name.`,
  );
}

export function newProjectId(): string {
  return `p-${randomUUID().slice(0, 8)}`;
}

/** Which of the three ways the project comes in. */
export type RunSource =
  | { kind: 'resume'; projectId: string }
  | { kind: 'file'; path: string }
  | { kind: 'text'; project: string; criteria: string }
  | { kind: 'ask' };

/** @throws UsageError where the flags contradict one another or say too little. */
export function runSource(flags: FlagValues, canAsk: boolean): RunSource {
  const resume = textFlag(flags, 'resume');
  const path = textFlag(flags, 'file');
  const project = textFlag(flags, 'project');
  const criteria = textFlag(flags, 'criteria');
  const given = [
    resume === undefined ? undefined : '--resume',
    path === undefined ? undefined : '--file',
    project === undefined && criteria === undefined ? undefined : '--project and --criteria',
  ].filter((name) => name !== undefined);
  if (given.length > 1) {
    throw new UsageError(`${given.join(' and ')} do not go together: give one of them.`);
  }
  if (resume !== undefined) {
    if (textFlag(flags, 'projectId') !== undefined) {
      throw new UsageError('--resume already names the run: leave out --project-id.');
    }
    return { kind: 'resume', projectId: checkedProjectId(resume, '--resume') };
  }
  if (path !== undefined) return { kind: 'file', path };
  if (project !== undefined && criteria !== undefined) {
    if (project.trim() !== '' && criteria.trim() !== '') return { kind: 'text', project, criteria };
    throw new UsageError(
      '--project and --criteria cannot be blank: say what to do, and when it is good.',
    );
  }
  if (project !== undefined) {
    throw new UsageError('--project needs --criteria: say also what a good result is.');
  }
  if (criteria !== undefined) {
    throw new UsageError('--criteria needs --project: say also what to do.');
  }
  if (canAsk) return { kind: 'ask' };
  throw new UsageError(
    'There is no project to run: give --project and --criteria, or --file project.yaml.',
  );
}
