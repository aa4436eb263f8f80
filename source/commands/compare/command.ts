import process from 'node:process';
import { defined } from '../../domain/defined.ts';
import { didYouMean } from '../../domain/closest-name.ts';
import { type ExitCode, exitCodes, OrchestratorError, UsageError } from '../../domain/errors.ts';
import type { ModelOffer } from '../../domain/model-api.ts';
import { emptyRunState } from '../../domain/run-state.ts';
import { seededRandom } from '../../domain/runtime.ts';
import { taskTypePattern } from '../../domain/task-type.ts';
import { printJson, printText } from '../../dashboard/output/print.ts';
import { compareModels, type ComparedItem, openJournal } from '../../engine/index.ts';
import { userPath } from '../../files/user-path.ts';
import { openTelemetryStore } from '../../telemetry/index.ts';
import { numberFlag, switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { Command, CommandContext, FlagValues } from '../command-line/specification.ts';
import { requireTrust, type Configuration } from '../configuration/index.ts';
import { connect, connectSimulator, type Connection } from '../run/connect.ts';
import { recordTelemetry } from '../run/record-telemetry.ts';
import { cachePaths, simulatedPaths, type CachePaths } from '../shared/cache-paths.ts';
import { configurationFor } from '../shared/configuration-for.ts';
import { startTraces } from '../shared/open-telemetry.ts';
import { randomSeed } from '../shared/random-seed.ts';
import { shareRun } from '../shared/share-run.ts';
import { listenForStop } from '../shared/stop-signals.ts';
import { expectedUsd } from './expected-cost.ts';
import { itemsFromFile, itemsFromRuns } from './items.ts';
import { priceText, verdictText } from './texts.ts';
import { verdictOf, type Verdict } from './verdict.ts';

const usual = { tasks: 100, budgetUsd: 2, timeSeconds: 5400, concurrency: 2 };

type Wanted = {
  a: string;
  b: string;
  taskType: string;
  tasks: number;
  budgetUsd: number;
};

/** `orchestrator compare A B --type T`: both answer the same tasks, until it is settled who is better. */
export const command: Command = async ({ argument = '', secondArgument = '', flags, context }) => {
  const wanted = wantedOf(argument, secondArgument, flags);
  const { environment, clock, workingDirectory } = context;
  const isSimulated = switchFlag(flags, 'simulate');
  const paths = isSimulated
    ? simulatedPaths(environment)
    : cachePaths(environment, textFlag(flags, 'db'));
  const configuration = await configurationFor(flags, context);
  const random = seededRandom(randomSeed());
  const file = textFlag(flags, 'file');
  const items = (
    file === undefined
      ? itemsFromRuns({ directory: paths.runs, ...wanted, most: wanted.tasks, random })
      : itemsFromFile(userPath(file, workingDirectory), wanted.taskType)
  ).slice(0, wanted.tasks);
  if (items.length === 0) throw noItems(wanted, file);
  if (!isSimulated) requireTrust(configuration);
  const connection = isSimulated
    ? await connectSimulator(clock)
    : await connect(configuration, environment, clock);
  try {
    checkModels(wanted, connection.offers, configuration);
    const compared = { wanted, items, paths, connection, configuration, isSimulated };
    return await compare(compared, { flags, context });
  } finally {
    await connection.close();
  }
};

type Compared = {
  wanted: Wanted;
  items: readonly ComparedItem[];
  paths: CachePaths;
  connection: Connection;
  configuration: Configuration;
  isSimulated: boolean;
};

async function compare(
  { wanted, items, paths, connection, configuration, isSimulated }: Compared,
  { flags, context }: { flags: FlagValues; context: CommandContext },
): Promise<ExitCode> {
  const { clock, stdout, stderr } = context;
  const traces = await startTraces(context);
  const { a, b, taskType, budgetUsd } = wanted;
  const { routing, policy, roles, supervision } = configuration;
  const json = switchFlag(flags, 'json');
  const say = (text: string): void => printText(stderr, `${text}\n`);
  const projectId = `compare-${crypto.randomUUID().slice(0, 8)}`;
  const store = openTelemetryStore({ path: paths.database, onNotice: say });
  const journal = openJournal({ directory: paths.runs, projectId });
  const stop = listenForStop(() =>
    say('Stopping: running calls may finish; once more stops at once.'),
  );
  const state = emptyRunState(projectId);
  const record = recordTelemetry(store, new Set());
  const share = shareRun(store, state, clock);
  try {
    const history = await store.loadHistory();
    const price = expectedUsd([a, b], { taskType, connection, history });
    say(priceText({ ...wanted, tasks: items.length, price, projectId }));
    const outcome = await compareModels({
      projectId,
      project: `Compare ${a} with ${b} on ${taskType}`,
      criteria: '',
      models: [a, b],
      taskType,
      items,
      budgetUsd,
      timeLimitSeconds: usual.timeSeconds,
      concurrency: usual.concurrency,
      client: connection.client,
      offers: connection.offers,
      history,
      supportCalls: await store.loadSupportCalls(),
      routing,
      policy,
      ...defined({ roles, supervision }),
      simulated: isSimulated,
      clock,
      random: seededRandom(randomSeed()),
      pid: process.pid,
      signal: stop.signal,
      secrets: connection.secrets,
      scratchDirectory: paths.scratch,
      state,
      isDecided: (pairs) => verdictOf(pairs, routing.qualityTolerance).decided !== null,
      emit(event) {
        const kept = journal.append(event);
        if (journal.takenOver() || (!kept && event.type === 'call-started')) return kept;
        record(event);
        share(event);
        return kept;
      },
    });
    if (!journal.takenOver()) store.recordSnapshots(projectId, outcome.snapshots);
    await store.close();
    const verdict = verdictOf(outcome.pairs, routing.qualityTolerance);
    const { spentUsd, message } = outcome;
    if (json) printJson(stdout, jsonOf({ a, b, taskType }, verdict, spentUsd));
    else printText(stdout, verdictText({ ...wanted, verdict, spentUsd, projectId, message }));
    const ended = verdict.decided === null ? exitCodes.failed : exitCodes.done;
    return stop.exitCode() ?? ended;
  } finally {
    stop.dispose();
    journal.close();
    await store.close();
    await traces.deliver();
  }
}

/** A contract: these fields and no others. */
function jsonOf(
  { taskType, a, b }: Pick<Wanted, 'taskType' | 'a' | 'b'>,
  { tasks, difference, low, high, decided }: Verdict,
  spentUsd: number,
): object {
  return { taskType, a, b, tasks, difference, low, high, decided, spentUsd };
}

function wantedOf(a: string, b: string, flags: FlagValues): Wanted {
  const taskType = textFlag(flags, 'type');
  if (a === b) throw new UsageError(`${a} cannot be compared with itself: name two models.`);
  if (taskType === undefined) {
    throw new UsageError('--type is missing: say at which task type, as in --type summarization.');
  }
  if (!taskTypePattern.test(taskType)) {
    throw new UsageError(
      `--type ${JSON.stringify(taskType)} is no task type: write one such as code_generation, or a word of yours of small letters, digits, - and _.`,
    );
  }
  return {
    a,
    b,
    taskType,
    tasks: numberFlag(flags, 'tasks', { min: 1, max: 10_000, whole: true }) ?? usual.tasks,
    budgetUsd: numberFlag(flags, 'budget', { min: 0.000_001, max: 1_000_000 }) ?? usual.budgetUsd,
  };
}

function noItems({ taskType }: Wanted, file: string | undefined): OrchestratorError {
  return new OrchestratorError(
    'no-items',
    file === undefined
      ? `No run of yours has a task of ${taskType} whose material is still there: name a file of tasks with --file.`
      : `${file} has no task of ${taskType} that builds on no other: add some, or name another type with --type.`,
  );
}

/** More are no help in a sentence. */
const mostListed = 12;

function checkModels(
  { a, b }: Wanted,
  offers: readonly ModelOffer[],
  { policy }: Pick<Configuration, 'policy'>,
): void {
  const known = offers.map(({ id }) => id);
  for (const model of [a, b]) {
    if (!known.includes(model)) {
      throw new OrchestratorError(
        'unknown-model',
        `There is no model ${model} that can be called${didYouMean(model, known)}: ${known.length > mostListed ? 'orchestrator models lists those that there are' : `name one of ${known.join(', ')}`}.`,
      );
    }
    const { allow, block } = policy;
    if (block.includes(model) || (allow.length > 0 && !allow.includes(model))) {
      throw new OrchestratorError(
        'blocked-model',
        `Your policy does not allow ${model}: change policy in orchestrator.yaml to compare it.`,
      );
    }
  }
  if (known.every((id) => id === a || id === b)) {
    throw new OrchestratorError(
      'no-judge',
      `Nobody but ${a} and ${b} can be asked to judge: configure a third model.`,
    );
  }
}
