import { basename } from 'node:path';
import type { RoutingSettings } from '../../domain/policy.ts';
import { meansOf, type Outcomes } from './outcomes.ts';
import { createProgress } from '../shared/progress.ts';
import { readOutcomes } from './read-outcomes.ts';
import { referencesOf } from './references.ts';
import { renderReplay, type ReplayOutcome } from './render.ts';
import { type ReplayedRun, type ReplayOptions, simulateRuns } from './simulate.ts';
import { printJson, printText } from '../../dashboard/output/print.ts';

export type ReplayCommandOptions = {
  file: string;
  runs: number;
  tasksPerRun: number;
  settings: RoutingSettings;
  seed: number;
  /** Whether every run forgets those before it. */
  cold: boolean;
  json: boolean;
  stdout: NodeJS.WriteStream;
  /** Progress is drawn here where it is a terminal. */
  stderr: NodeJS.WriteStream;
};

/**
 * Reads the file, replays it, and prints what came of it. Rejects with an `OutcomeFileError` when the
 * file cannot be replayed; nothing is on stdout then.
 */
export async function runReplay(options: ReplayCommandOptions): Promise<void> {
  const { file, stdout, stderr, json, cold } = options;
  const progress = createProgress(stderr);
  try {
    const outcomes = await readOutcomes(file, (share) => progress.show('reading', share));
    const result = await replayOutcomes(outcomes, options, (share) =>
      progress.show('replaying', share),
    );
    progress.clear();
    if (json) {
      printJson(stdout, result);
      return;
    }
    const summary = summaryOf(file, outcomes, options);
    printText(stdout, renderReplay(result, { columns: stdout.columns || 80, cold, summary }));
  } finally {
    progress.clear();
  }
}

/** Replays outcomes run by run; `onProgress` is called with the share that is done. */
export async function replayOutcomes(
  outcomes: Outcomes,
  options: ReplayOptions,
  onProgress: (share: number) => void = () => {},
): Promise<ReplayOutcome> {
  const means = meansOf(outcomes);
  const runs: ReplayedRun[] = [];
  for (const run of simulateRuns(outcomes, options, means)) {
    runs.push(run);
    onProgress(run.run / options.runs);
    // Lets a signal, and the bar, through between runs.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { runs, references: referencesOf(means) };
}

function summaryOf(
  file: string,
  { itemCount, taskTypes, models }: Outcomes,
  { runs, tasksPerRun, settings, seed }: ReplayCommandOptions,
): string {
  const types = taskTypes.length === 1 ? '1 task type' : `${taskTypes.length} task types`;
  return (
    `${basename(file)}: ${itemCount} items of ${types}, ${models.length} models\n` +
    `${runs} runs of ${tasksPerRun} tasks, a day apart; quality tolerance ${settings.qualityTolerance}, seed ${seed}`
  );
}
