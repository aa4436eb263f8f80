import { shellWord, withCommandFlags } from '../../domain/command-lines.ts';
import type { InsightReader } from '../../domain/insight.ts';
import { cachePaths } from './cache-paths.ts';

/** The flags that a suggested command needs to work on that history; empty for the user's own. */
export function commandFlags(
  environment: NodeJS.ProcessEnv,
  { database, simulated }: { database: string; simulated: boolean },
): string {
  if (simulated) return '--simulate';
  return database === cachePaths(environment).database ? '' : `--db ${shellWord(database)}`;
}

/** A reader whose advice suggests commands with the flags of its history. */
export function withFlagsIn(reader: InsightReader, flags: string): InsightReader {
  if (flags === '') return reader;
  return {
    path: reader.path,
    changed: () => reader.changed(),
    isQuick: () => reader.isQuick(),
    read(days, options) {
      const reading = reader.read(days, options);
      if (reading.status !== 'ready' && reading.status !== 'empty') return reading;
      return { ...reading, insight: withCommandFlags(reading.insight, flags) };
    },
    modelDetail: (model, days) => reader.modelDetail(model, days),
    lastTasks: (taskType, days) => reader.lastTasks(taskType, days),
    close: () => reader.close(),
  };
}
