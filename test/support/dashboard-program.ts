import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { runDashboard } from '../../source/dashboard/index.ts';
import { listRuns, readRun, watchLiveRuns } from '../../source/engine/index.ts';
import { explainFrom, scenarioReader, scenarioRuns } from './scenario.ts';
import { someNow } from './insight.ts';

/** The dashboard as a program of its own, on a scenario: what the tests start in a terminal. */
const [scenario = '', preferencesPath = '', exportDirectory = '', ...rest] = process.argv.slice(2);
const valueOf = (flag: string): string | undefined => {
  const index = rest.indexOf(flag);
  return index === -1 ? undefined : rest[index + 1];
};
// For tests that send signals.
writeFileSync(`${scenario}.pid`, String(process.pid));
const tab = valueOf('--tab');
const watched = valueOf('--watch');
const runs = valueOf('--runs');

try {
  await runDashboard({
    reader: scenarioReader(scenario, '/home/user/.orchestrator_cache/telemetry.db'),
    ...(runs === undefined
      ? {}
      : {
          runArchive: {
            list: (now) => listRuns({ directory: runs, now }),
            read: (projectId, now) => readRun({ directory: runs, projectId, now }),
          },
        }),
    liveRuns: runs === undefined ? scenarioRuns(scenario) : watchLiveRuns({ directory: runs }),
    clock: () => someNow + process.uptime(),
    days: Number(valueOf('--days') ?? 30),
    refreshMs: Number(valueOf('--refresh') ?? 250),
    ...(tab === undefined ? {} : { initialTab: tab as 'overview' }),
    simulated: rest.includes('--simulated'),
    ...(rest.includes('--ascii') ? { ascii: true } : {}),
    preferencesPath,
    flagsGiven: { days: rest.includes('--days'), tab: tab !== undefined },
    exportDirectory,
    explain: explainFrom(scenario),
    configurationFor: ({ kind, taskType }) => `# ${kind}\n${taskType}: {}\n`,
    ...(watched === undefined ? {} : { watchedRun: watched, hasRunEnded: () => false }),
    environment: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
  });
  process.stdout.write('left the dashboard\n');
} catch (error) {
  process.stderr.write(`failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
