import { setTimeout as pause } from 'node:timers/promises';
import type { InsightReading } from '../domain/insight.ts';
import type { RunState } from '../domain/run-state.ts';
import { taskTypeLabel } from '../domain/task-type.ts';
import { formatMoney, formatPlural, formatScore } from './format/index.ts';
import type { DashboardOptions } from './options.ts';
import { renderPlainDashboard, type PlainView } from './plain/index.ts';
import { cleanText } from './text/clean.ts';

/** Whether the user's environment asks for text that a screen reader can read (Ink's own variable). */
export const wantsScreenReader = (environment: NodeJS.ProcessEnv): boolean =>
  environment['INK_SCREEN_READER'] === 'true';

/**
 * The dashboard as static text, line after line, without cursor movements or another screen. Where a
 * run is watched, one line for each task as it finishes, then the text.
 */
export async function speakDashboard(options: DashboardOptions): Promise<void> {
  const { stdout, reader, days } = options;
  if (options.leaveWhenRunEnds !== undefined) await speakRun(options, options.leaveWhenRunEnds);
  stdout.write(textOf(reader.read(days), options));
}

function textOf(reading: InsightReading, options: DashboardOptions): string {
  const path = cleanText(options.reader.path);
  switch (reading.status) {
    case 'ready':
    case 'empty': {
      const view = plainViewOf(options.initialTab);
      return renderPlainDashboard(reading.insight, {
        simulated: options.simulated,
        ascii: options.ascii ?? false,
        ...(view === undefined ? {} : { view }),
      });
    }
    case 'missing': {
      return `There is no history yet in ${path}. Start a run with: orchestrator run\n`;
    }
    case 'locked': {
      return `${path} is locked by another program. Try again in a moment.\n`;
    }
    case 'not-a-database':
    case 'failed': {
      return `${path} cannot be read: ${cleanText(reading.message)}\n`;
    }
  }
}

const plainViewOf = (tab: DashboardOptions['initialTab']): PlainView | undefined =>
  tab === 'by-task' || tab === 'cost' ? tab : undefined;

async function speakRun(options: DashboardOptions, projectId: string): Promise<void> {
  const { stdout, liveRuns, clock, refreshMs } = options;
  let spoken = 0;
  let wasSeen = false;
  for (;;) {
    const run = liveRuns.read(clock()).find((candidate) => candidate.projectId === projectId);
    if (run !== undefined) {
      wasSeen = true;
      for (const line of resultLines(run, spoken)) stdout.write(`${line}\n`);
      spoken = run.results.length;
    }
    if (run === undefined ? wasSeen : run.finished !== undefined) return;
    await pause(refreshMs);
  }
}

const resultLines = (run: RunState, from: number): string[] =>
  run.results
    .slice(from)
    .map((result, index) =>
      cleanText(
        `Task ${from + index + 1} of ${run.tasks.size}, ${taskTypeLabel(result.taskType)}, by ${result.model}: score ${formatScore(result.score)}, ${formatMoney(result.costUsd)}, ${formatPlural(result.iterations, 'attempt')}.`,
      ),
    );
