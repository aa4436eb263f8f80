import process from 'node:process';
import { deliverTraces, isTraced } from '../../engine/index.ts';
import { isRecord } from '../../domain/is-record.ts';
import type { CommandContext } from '../command-line/specification.ts';

/** Ends what was started; resolves when everything has left for its collector, or time is over. */
export type Traces = { deliver(): Promise<void> };

/** How long the end of a command waits for a collector, in milliseconds. */
const mostMs = 5000;

/** The variables that say where OpenTelemetry sends; one of them is enough. */
const wanted = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_TRACES_EXPORTER',
  'OTEL_CONFIG_FILE',
];

/** OpenTelemetry's own SDK for Node.js, where it is installed beside this program. Named so that it is not bundled. */
const sdkName = '@opentelemetry/sdk-node';

export const wantsTraces = (environment: NodeJS.ProcessEnv): boolean =>
  wanted.some((name) => (environment[name] ?? '') !== '');

/**
 * Starts the SDK where the environment says where to send and no other was loaded before. Never rejects:
 * without an SDK, nothing is reported.
 */
export async function startTraces({
  environment,
  leaveBehind,
}: Pick<CommandContext, 'environment' | 'leaveBehind'>): Promise<Traces> {
  if (!isTraced() && wantsTraces(environment)) {
    const construct = await loadSdk();
    for (const [name, value] of Object.entries(usual)) process.env[name] ??= value;
    try {
      construct?.().start();
    } catch {
      // What the variables say cannot be done: the run is worth more than its traces.
    }
  }
  return {
    async deliver() {
      // A collector that is away is tried again and again, which would keep the process.
      if (!(await deliverTraces(mostMs))) leaveBehind?.();
    },
  };
}

/** Whether the SDK can be loaded; for doctor. */
export const hasSdk = async (): Promise<boolean> => isTraced() || (await loadSdk()) !== undefined;

/** What is meant unless the user says otherwise. */
const usual = {
  OTEL_SERVICE_NAME: 'orchestrator',
  // Not that of the process: the arguments of the command hold what is asked of models.
  OTEL_NODE_RESOURCE_DETECTORS: 'env,host,os',
  OTEL_METRICS_EXPORTER: 'otlp',
  // A collector that is away must not write into the screen.
  OTEL_LOG_LEVEL: 'none',
};

type Sdk = { start(): void };

async function loadSdk(): Promise<(() => Sdk) | undefined> {
  try {
    const loaded: unknown = await import(sdkName);
    return isSdkPackage(loaded) ? () => new loaded.NodeSDK() : undefined;
  } catch {
    return undefined;
  }
}

const isSdkPackage = (value: unknown): value is { NodeSDK: new () => Sdk } =>
  isRecord(value) && typeof value['NodeSDK'] === 'function';
