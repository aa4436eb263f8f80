import { setTimeout as pause } from 'node:timers/promises';
import type { DashboardOptions } from '../options.ts';
import { printText } from '../output/print.ts';
import { glimpsesOf, runChangesBetween, type RunGlimpse } from './run-changes.ts';
import { newRunBook } from './run-book.ts';
import { textOf } from './text-of.ts';
import { voiceFor } from './voice.ts';

/**
 * The view as text, for a program without a keyboard. Where a run is watched, what happens in it
 * sentence by sentence, and then the text.
 */
export async function speakOnce(options: DashboardOptions): Promise<void> {
  const { stdout, reader, liveRuns, clock, days, leaveWhenRunEnds } = options;
  const say = voiceFor(options);
  if (leaveWhenRunEnds !== undefined) {
    for await (const sentences of runToItsEnd(leaveWhenRunEnds, options)) {
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
  });
  printText(stdout, say(text));
}

async function* runToItsEnd(
  projectId: string,
  { liveRuns, clock, refreshMs, hasRunEnded }: DashboardOptions,
): AsyncGenerator<string[]> {
  const book = newRunBook();
  let told: RunGlimpse[] = [];
  for (;;) {
    const isLast = hasRunEnded?.() === true;
    const runs = liveRuns.read(clock()).filter((run) => run.projectId === projectId);
    book.see(runs);
    const glimpses = glimpsesOf(book.take());
    const sentences = runChangesBetween(told, glimpses, projectId);
    told = glimpses;
    if (sentences.length > 0) yield sentences;
    if (isLast || glimpses.some(({ end }) => end !== undefined)) return;
    await pause(refreshMs);
  }
}
