import { join, resolve } from 'node:path';
import process from 'node:process';
import { monthText } from '../../dashboard/format/index.ts';
import { startOfLocalMonth } from '../../domain/local-day.ts';
import type { Clock } from '../../domain/runtime.ts';
import { exitCodes, UsageError, type ExitCode } from '../../domain/errors.ts';
import { emptyRunState } from '../../domain/run-state.ts';
import { seededRandom } from '../../domain/runtime.ts';
import { keepHeapSmall, openJournal, runDirectory } from '../../engine/index.ts';
import { runSummary } from '../../dashboard/run-view/text.ts';
import { inTime, openTelemetryStore, type TelemetryStore } from '../../telemetry/index.ts';
import { numberFlag, switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { Command, CommandContext, FlagValues } from '../command-line/specification.ts';
import { requireTrust, type Configuration } from '../configuration/index.ts';
import { configurationFor } from '../shared/configuration-for.ts';
import { randomSeed } from '../shared/random-seed.ts';
import { questionsAbout } from './ask-about-results.ts';
import { connect, type Connection, connectSimulator, simulatorSeed } from './connect.ts';
import { executeProject, type Executed } from './execute-project.ts';
import { openLogFile } from './log-file.ts';
import { prepareRun, willAsk, type PreparedRun } from './prepare-run.ts';
import { checkOutputDirectory, chooseOutputDirectory, openRunResults } from './results.ts';
import { jsonScreen, lineScreen, silentScreen, terminalScreen, type RunScreen } from './screens.ts';
import { listenForStop } from '../shared/stop-signals.ts';
import { watchRun } from './watch-run.ts';
import { startTraces } from '../shared/open-telemetry.ts';
import { printText } from '../../dashboard/output/print.ts';

/** `orchestrator run`: one project from its plan to its results. */
export const command: Command = async ({ flags, context }) => {
  context.endInTime?.();
  // First, while this is the only thread.
  keepHeapSmall();
  const { clock } = context;
  const configuration = await configurationFor(flags, context);
  checkOutputDirectory(flags, context);
  // Before the questions: whoever answers them should have a model to run on.
  const early =
    willAsk(flags, context) && !switchFlag(flags, 'simulate')
      ? await connectTrusted(configuration, context)
      : undefined;
  const run = await prepareRun(flags, context);
  const outputDirectory = await chooseOutputDirectory(run, flags, context);
  const connection = run.simulated
    ? await connectSimulator(clock)
    : (early ?? (await connectTrusted(configuration, context)));
  try {
    return await execute({ run, connection, configuration, flags, context, outputDirectory });
  } finally {
    await connection.close();
  }
};

function connectTrusted(
  configuration: Configuration,
  { environment, clock }: CommandContext,
): Promise<Connection> {
  requireTrust(configuration);
  return connect(configuration, environment, clock);
}

type ToExecute = {
  run: PreparedRun;
  connection: Connection;
  configuration: Configuration;
  flags: FlagValues;
  context: CommandContext;
  /** Where the user wants the results; undefined: beside the journal. */
  outputDirectory: string | undefined;
};

async function execute(options: ToExecute): Promise<ExitCode> {
  const { run, connection, configuration, flags, context, outputDirectory } = options;
  const { request, paths, simulated, earlier } = run;
  const { clock, environment, stdout, workingDirectory } = context;
  const { projectId } = request;
  const seed = seedOf(flags, simulated);
  const traces = await startTraces(context);
  const state = emptyRunState(projectId);
  let screen: RunScreen | undefined;
  const early: string[] = simulated ? [] : [...(configuration.warnings ?? [])];
  const note = (message: string): void => {
    if (screen === undefined) early.push(message);
    else screen.note(message);
  };
  const journal = openJournal({
    directory: paths.runs,
    projectId,
    resume: earlier.length > 0,
  });
  const store = openTelemetryStore({ path: paths.database, onNotice: note });
  const directory = runDirectory(paths.runs, projectId);
  const results = openRunResults(resolve(workingDirectory, directory), outputDirectory);
  const isLogged = switchFlag(flags, 'verbose') || environment['DEBUG'] !== undefined;
  const log = isLogged ? openLogFile(join(directory, 'run.log')) : undefined;
  const stop = listenForStop(() =>
    note('Stopping: running calls may finish; once more stops at once.'),
  );
  const watching = switchFlag(flags, 'watch') && stdout.isTTY && !switchFlag(flags, 'json');
  try {
    screen = watching ? silentScreen(state, context) : await screenFor(flags, state, context);
    for (const message of early) screen.note(message);
    for (const event of earlier) results.take(event);
    const running = executeProject({
      request,
      connection,
      configuration,
      store,
      journal,
      state,
      earlier,
      simulated,
      clock,
      random: seededRandom(seed),
      samplingKey: simulated ? `simulated ${seed}` : undefined,
      turns: connection.turns,
      pid: process.pid,
      signal: stop.signal,
      secrets: connection.secrets,
      scratchDirectory: paths.scratch,
      onEvent(event) {
        results.take(event);
        log?.write(event);
        screen?.show(event);
      },
    });
    if (watching) {
      await watch(options, running);
      // Left before the end: the run continues where it can be seen.
      if (state.finished === undefined) {
        screen = await terminalScreen(state, context);
        screen.note('The run continues here: Ctrl+C stops it.');
      }
    }
    const executed = await running;
    const unwritten = journal.failure();
    if (unwritten !== undefined) {
      note(`The journal ${journal.path} could not be written to its end (${unwritten}).`);
    }
    const month = await monthLine(store, configuration, clock);
    await screen.close();
    await store.close();
    await results.close();
    if (!switchFlag(flags, 'json')) {
      const asked = simulated ? [] : questionsAbout(state, configuration.supervision.ask, context);
      const said = remarks(executed, store, results.directory, projectId);
      printText(stdout, runSummary(state, [...month, ...said, ...asked]));
    }
    const ended = executed.status === 'success' ? exitCodes.done : exitCodes.failed;
    return stop.exitCode() ?? ended;
  } finally {
    stop.dispose();
    await screen?.close();
    journal.close();
    await store.close();
    await log?.close();
    await traces.deliver();
  }
}

/** Shows a run in the dashboard until that is left; its failure is for who awaits it. */
async function watch(
  { run, flags, context }: ToExecute,
  running: Promise<Executed>,
): Promise<void> {
  // Until then it must not end the process with the screen drawn on.
  running.catch(() => undefined);
  const { request, paths, simulated } = run;
  const { projectId } = request;
  const configPath = textFlag(flags, 'config');
  await watchRun({ projectId, running, paths, simulated, configPath, context });
}

function screenFor(
  flags: FlagValues,
  state: ReturnType<typeof emptyRunState>,
  context: CommandContext,
): RunScreen | Promise<RunScreen> {
  if (switchFlag(flags, 'json')) return jsonScreen(context);
  const drawable = context.stdout.isTTY && context.environment['TERM'] !== 'dumb';
  return drawable ? terminalScreen(state, context) : lineScreen(context);
}

/** How long a run that has ended waits for what was spent before it, in milliseconds. */
const spentMs = 2000;

/** How much of the month's budget is spent, where there is one; it is shown, and stops nothing. */
async function monthLine(
  store: TelemetryStore,
  { monthBudgetUsd }: Configuration,
  clock: Clock,
): Promise<string[]> {
  if (monthBudgetUsd === undefined) return [];
  try {
    const known = store.spentSince(startOfLocalMonth(clock()));
    known.catch(() => undefined);
    const spent = await inTime(known, spentMs, 'The history');
    return [monthText(spent, monthBudgetUsd)];
  } catch {
    // The history says by itself what is the matter with it.
    return [];
  }
}

/** What a person wants to know after the end, one sentence each. */
function remarks(
  { learning, resumable }: Executed,
  store: TelemetryStore,
  directory: string,
  projectId: string,
): string[] {
  const { spooled, lost, refused } = store.stats();
  const lines = [`Learning: ${learning}.`, `Results: ${directory}`];
  if (spooled > 0) {
    lines.push(`${spooled} records wait in a spool file and are taken in by the next run.`);
  }
  if (lost > 0) lines.push(`${lost} records could not be kept anywhere: free some space.`);
  if (refused > 0)
    lines.push(`${refused} records were refused, since their numbers cannot be true.`);
  if (resumable) lines.push(`Resume with: orchestrator run --resume ${projectId}`);
  return lines;
}

/** A simulated run is the same for the same seed. */
function seedOf(flags: FlagValues, simulated: boolean): number {
  const given = numberFlag(flags, 'seed', { min: 0, max: 2 ** 31, whole: true });
  if (simulated) return given ?? simulatorSeed;
  if (given !== undefined) {
    throw new UsageError('--seed is for simulated runs: add --simulate, or leave it out.');
  }
  return randomSeed();
}
