import { setTimeout as pause } from 'node:timers/promises';
import type { DashboardOptions } from '../options.ts';
import { printText } from '../output/print.ts';
import { snapshotsOf, runChangesBetween, type RunSnapshot } from './run-changes.ts';
import { createRunRegistry } from './run-registry.ts';
import { textOf } from './text-of.ts';
import { formatterFor } from './formatter.ts';

/**
 * The view as text, for a program without a keyboard. Where a run is watched, what happens in it
 * sentence by sentence, and then the text.
 */
export async function speakOnce(options: DashboardOptions): Promise<void> {
  const { stdout, reader, liveRuns, clock, days, watchedRun } = options;
  const say = formatterFor(options);
  if (watchedRun !== undefined) {
    for await (const sentences of runToItsEnd(watchedRun, options)) {
      printText(stdout, say(sentences));
    }
  }
  const reading = reader.read(days);
  const text = textOf({
    tab: options.initialTab ?? 'overview',
    days,
    simulated: options.simulated,
    path: reader.path,
    data: reading,
    insight: 'insight' in reading ? reading.insight : undefined,
    runs: liveRuns.read(clock()),
    moneyLimits: (await options.moneyLimits?.()) ?? {},
  });
  printText(stdout, say(text));
}

async function* runToItsEnd(
  projectId: string,
  { liveRuns, clock, refreshMs, hasRunEnded }: DashboardOptions,
): AsyncGenerator<string[]> {
  const registry = createRunRegistry();
  let announced: RunSnapshot[] = [];
  for (;;) {
    const isLast = hasRunEnded?.() === true;
    const runs = liveRuns.read(clock()).filter((run) => run.projectId === projectId);
    registry.see(runs);
    const snapshots = snapshotsOf(registry.take());
    const sentences = runChangesBetween(announced, snapshots, projectId);
    announced = snapshots;
    if (sentences.length > 0) yield sentences;
    if (isLast || snapshots.some(({ end }) => end !== undefined)) return;
    await pause(refreshMs);
  }
}
