import { exitCodes, UsageError } from '../../domain/errors.ts';
import { defaultRoutingSettings } from '../../domain/policy.ts';
import { userPath } from '../../files/user-path.ts';
import { numberFlag, switchFlag } from '../command-line/flag-values.ts';
import type { Command } from '../command-line/specification.ts';
import { runReplay } from './run-replay.ts';

const limits = {
  runs: { min: 1, max: 10_000, whole: true },
  tasksPerRun: { min: 1, max: 1_000_000, whole: true },
  tolerance: { min: 0, max: 1 },
  seed: { min: 0, max: 2 ** 32 - 1, whole: true },
} as const;

/** `orchestrator replay FILE`: would learning have paid off on these outcomes? */
export const command: Command = async ({ argument, flags, context }) => {
  if (argument === undefined) {
    throw new UsageError('There is no file to replay: name one, as in orchestrator replay FILE.');
  }
  const { stdout, stderr, workingDirectory } = context;
  const qualityTolerance =
    numberFlag(flags, 'tolerance', limits.tolerance) ?? defaultRoutingSettings.qualityTolerance;
  await runReplay({
    file: userPath(argument, workingDirectory),
    runs: numberFlag(flags, 'runs', limits.runs) ?? 20,
    tasksPerRun: numberFlag(flags, 'tasksPerRun', limits.tasksPerRun) ?? 100,
    settings: { ...defaultRoutingSettings, qualityTolerance },
    seed: numberFlag(flags, 'seed', limits.seed) ?? 1,
    cold: switchFlag(flags, 'cold'),
    json: switchFlag(flags, 'json'),
    stdout,
    stderr,
  });
  return exitCodes.done;
};
