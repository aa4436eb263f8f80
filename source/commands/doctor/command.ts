import process from 'node:process';
import packageJson from '../../../package.json' with { type: 'json' };
import { exitCodes, messageOf } from '../../domain/errors.ts';
import { printJson, printText } from '../../dashboard/output/print.ts';
import { wantsScreenReader } from '../../dashboard/screen-reader/wants-screen-reader.ts';
import { colourDepthOf, isUtf8Locale } from '../../dashboard/theme/index.ts';
import {
  defaultProvidersSettings,
  listModels,
  providerKeys,
  type ModelListing,
  type ProviderKey,
  type ProvidersSettings,
} from '../../providers/index.ts';
import type { HistoryStatus } from '../../telemetry/index.ts';
import { switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { Command, CommandContext, FlagValues } from '../command-line/specification.ts';
import type { Configuration } from '../configuration/index.ts';
import { hasSdk, wantsTraces } from '../shared/open-telemetry.ts';
import { configurationFor } from '../shared/configuration-for.ts';
import { examineHistory, placesOf } from './history.ts';
import { pathReports } from './paths.ts';
import { renderDoctor } from './render.ts';
import type { DoctorProblem, DoctorReport } from './report.ts';

/** `orchestrator doctor`: what is there, what is wrong, and what to do. Changes nothing, and asks nobody but a server of the history. */
export const command: Command = async ({ flags, context }) => {
  const report = await examine(flags, context);
  if (switchFlag(flags, 'json')) printJson(context.stdout, report);
  else printText(context.stdout, renderDoctor(report, context.clock()));
  return report.ok ? exitCodes.done : exitCodes.failed;
};

async function examine(flags: FlagValues, context: CommandContext): Promise<DoctorReport> {
  const { environment, workingDirectory, stdout } = context;
  const read = await readConfiguration(flags, context);
  const { configuration } = read;
  const places = placesOf(environment, textFlag(flags, 'db'), configuration);
  const paths = pathReports(places.paths, environment, workingDirectory);
  const settings = configuration?.providers ?? defaultProvidersSettings;
  const { models, keys, ...found } = await readModels(settings, context);
  const history = await examineHistory(places.paths.database);
  const prices = pricesOf(models);
  const wanted = wantsTraces(environment);
  const openTelemetry = { wanted, installed: wanted && (await hasSdk()) };
  const problems: DoctorProblem[] = [
    ...read.problems,
    ...found.problems,
    ...(places.problem === undefined ? [] : [stop(places.problem)]),
    ...paths.flatMap(({ problem }) => (problem === undefined ? [] : [stop(problem)])),
    ...historyProblems(history),
    ...modelProblems(prices),
    ...traceProblems(openTelemetry),
  ];
  return {
    ok: problems.every(({ severity }) => severity !== 'stop'),
    program: {
      version: packageJson.version,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
    },
    paths,
    keys,
    configuration: {
      usable: configuration !== undefined,
      file: configuration?.file ?? null,
      trusted: configuration?.file === undefined ? null : configuration.untrusted === undefined,
    },
    history,
    prices,
    terminal: {
      isTerminal: isTerminal(stdout),
      columns: stdout.isTTY ? stdout.columns : null,
      rows: stdout.isTTY ? stdout.rows : null,
      colours: colourDepthOf(environment),
      unicode: isUtf8Locale(environment, process.platform),
      screenReader: wantsScreenReader(environment),
    },
    openTelemetry,
    problems,
  };
}

/** Of a file or a pipe there is no word of it. */
const isTerminal = ({ isTTY }: { isTTY?: boolean }): boolean => isTTY ?? false;

const stop = (message: string): DoctorProblem => ({ severity: 'stop', message });
const warning = (message: string): DoctorProblem => ({ severity: 'warning', message });

/** A configuration that cannot be read is a finding, not the end of the examination. */
async function readConfiguration(
  flags: FlagValues,
  context: CommandContext,
): Promise<{ configuration?: Configuration; problems: DoctorProblem[] }> {
  try {
    const configuration = await configurationFor(flags, context);
    const { warnings = [], untrusted } = configuration;
    return {
      configuration,
      problems: [
        ...(untrusted === undefined ? [] : [stop(untrusted.error.message)]),
        ...warnings.map(warning),
      ],
    };
  } catch (error) {
    return { problems: [stop(messageOf(error))] };
  }
}

/** The same for an address that cannot be one, as in `OPENAI_BASE_URL`. */
async function readModels(
  settings: ProvidersSettings,
  { environment, clock }: CommandContext,
): Promise<{ models: ModelListing[]; keys: ProviderKey[]; problems: DoctorProblem[] }> {
  try {
    const models = await listModels({ settings, environment, clock });
    return { models, keys: providerKeys(environment, settings.providers), problems: [] };
  } catch (error) {
    return { models: [], keys: [], problems: [stop(messageOf(error))] };
  }
}

function historyProblems({ status, problem, waiting }: HistoryStatus): DoctorProblem[] {
  const refused = waiting.filter((file) => file.refused).map(({ file }) => file);
  const others = waiting.length - refused.length;
  return [
    ...(problem === undefined ? [] : [status === 'failed' ? stop(problem) : warning(problem)]),
    ...(others === 0
      ? []
      : [
          warning(
            `${others} ${others === 1 ? 'file' : 'files'} of records wait to be written: the next run takes them in.`,
          ),
        ]),
    ...refused.map((file) =>
      warning(`${file} holds records that could not be true: look at it, then delete it.`),
    ),
  ];
}

function pricesOf(models: readonly ModelListing[]): DoctorReport['prices'] {
  const usable = models.filter((model) => model.usable);
  const priced = usable.flatMap(({ id, price }) =>
    price === undefined ? [] : [[id, price.pricedAs ?? null] as const],
  );
  return {
    models: models.length,
    usable: usable.length,
    unpriced: usable.filter(({ price }) => price === undefined).map(({ id }) => id),
    pricedAs: Object.fromEntries(priced),
  };
}

function modelProblems({ usable, unpriced }: DoctorReport['prices']): DoctorProblem[] {
  return [
    ...(usable - unpriced.length > 0
      ? []
      : [
          stop(
            'There is no model to work with: set a key such as OPENAI_API_KEY, or start a local server and run orchestrator init.',
          ),
        ]),
    ...unpriced.map((id) =>
      warning(`The price of ${id} is unknown, so it is not used: state its price under models.`),
    ),
  ];
}

function traceProblems({ wanted, installed }: DoctorReport['openTelemetry']): DoctorProblem[] {
  if (!wanted || installed) return [];
  return [
    warning(
      'OpenTelemetry is asked for in the environment, and its SDK is not installed: run npm install --global @opentelemetry/sdk-node @opentelemetry/api.',
    ),
  ];
}
