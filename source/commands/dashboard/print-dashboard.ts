import process from 'node:process';
import { withCommandFlags } from '../../domain/command-lines.ts';
import { defined } from '../../domain/defined.ts';
import { problemToSolve } from '../../domain/database-problem.ts';
import { OrchestratorError } from '../../domain/errors.ts';
import type { Insight } from '../../domain/insight.ts';
import type { JudgeAgreement } from '../../domain/outcome.ts';
import type { Clock } from '../../domain/runtime.ts';
import { insightJson, renderPlainDashboard, type PlainView } from '../../dashboard/plain/index.ts';
import { isUtf8Locale } from '../../dashboard/theme/index.ts';
import { isServerAddress, openInsightReader, readServerOnce } from '../../telemetry/index.ts';
import type { CommandContext } from '../command-line/specification.ts';
import type { CachePaths } from '../shared/cache-paths.ts';
import { moneyLimits } from './money-limits.ts';
import { commandFlags } from '../shared/command-flags.ts';
import { readAgreements, requireDatabase } from '../shared/history-of.ts';
import { printJson, printText } from '../../dashboard/output/print.ts';

/**
 * Prints one look at the history.
 *
 * @throws OrchestratorError `missing`, `locked`, `not-a-database` or `unreadable`.
 */
export async function printDashboard(options: {
  paths: CachePaths;
  days: number;
  simulated: boolean;
  ascii: boolean;
  view: PlainView;
  json: boolean;
  /** The configuration that was named, for where tasks would go now. */
  configPath?: string | undefined;
  context: CommandContext;
}): Promise<void> {
  const { paths, days, simulated, view, json, configPath, context } = options;
  const { stdout, stderr, environment, clock, workingDirectory } = context;
  const read = isServerAddress(paths.database)
    ? await readShared(paths, days, { clock, namesRuns: json || view === 'cost' })
    : readOnce(paths.database, days);
  const { empty, newerSchema } = read;
  const flags = commandFlags(environment, { database: paths.database, simulated });
  const insight = withCommandFlags(read.insight, flags);
  if (newerSchema !== undefined) {
    printText(
      stderr,
      `${paths.database} was written by a newer orchestrator (schema ${newerSchema}), and only what this one knows is shown: update it to see all.\n`,
    );
  }
  if (json) {
    // Loaded only now: text needs no router.
    const { withRoutesInForce } = await import('./routes-in-force.ts');
    const given = {
      database: paths.database,
      configPath,
      workingDirectory,
      environment,
      clock,
      simulated,
    };
    const inForce = await withRoutesInForce(insight, given);
    const agreements = await agreementsIn(insight, paths.database);
    printJson(stdout, insightJson(inForce, await moneyLimits(given), agreements));
    return;
  }
  if (empty) {
    printText(
      stdout,
      `No outcome is recorded in ${paths.database} yet: run a project with orchestrator run, or see how it works with orchestrator demo.\n`,
    );
    return;
  }
  // A file or a pipe takes Unicode whatever the locale of this terminal is.
  const ascii = options.ascii || (stdout.isTTY && !isUtf8Locale(environment, process.platform));
  const place = { configPath, workingDirectory, environment, simulated };
  const limits = view === 'cost' ? await moneyLimits(place) : {};
  const reasons =
    view === 'by-task'
      ? await (
          await import('./routes-in-force.ts')
        ).reasonsInForce(insight, { ...place, database: paths.database, clock })
      : {};
  printText(stdout, renderPlainDashboard(insight, { view, simulated, ascii, limits, reasons }));
}

/** How far judges agree with outcomes; nothing where nobody judged, or where it cannot be read now. */
async function agreementsIn({ judges }: Insight, database: string): Promise<JudgeAgreement[]> {
  if (judges.length === 0) return [];
  try {
    return await readAgreements(database);
  } catch {
    return [];
  }
}

/** One look at a server; runs have the names of this machine where they are shown. */
async function readShared(
  paths: CachePaths,
  days: number,
  { clock, namesRuns }: { clock: Clock; namesRuns: boolean },
) {
  if (!namesRuns) return readServerOnce(paths.database, days, clock);
  // A file needs none of it.
  const { ownIds } = await import('../shared/own-ids.ts');
  return readServerOnce(paths.database, days, clock, ownIds(paths));
}

/** One look at a history. @throws OrchestratorError as {@link printDashboard}. */
export function readOnce(
  database: string,
  days: number,
): { insight: Insight; empty: boolean; newerSchema?: number } {
  requireDatabase(database);
  const reader = openInsightReader({ path: database, waits: true });
  try {
    const reading = reader.read(days);
    switch (reading.status) {
      case 'ready': {
        const { insight, newerSchema } = reading;
        return { insight, empty: false, ...defined({ newerSchema }) };
      }
      case 'empty': {
        return { insight: reading.insight, empty: true };
      }
      case 'loading': {
        throw new Error('A reader that waits is always up to date.');
      }
      case 'missing':
      case 'locked':
      case 'not-a-database':
      case 'failed': {
        const { status } = reading;
        throw new OrchestratorError(
          status === 'failed' ? 'unreadable' : status,
          problemToSolve(reading, database),
        );
      }
    }
  } finally {
    reader.close();
  }
}
