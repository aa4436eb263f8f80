import type { ModelClient, ModelOffer } from '../../domain/model-api.ts';
import type { Clock } from '../../domain/runtime.ts';
import { connectProviders, startSimulator, type Turns } from '../../providers/index.ts';
import type { Configuration } from '../configuration/index.ts';

export type Connection = {
  client: ModelClient;
  offers: ModelOffer[];
  /** The keys in use, so that they can be kept out of every text. */
  secrets: readonly string[];
  /** The simulator's time. */
  turns?: Turns | undefined;
  close(): Promise<void>;
};

/** The models that the user can call. Rejects where there is none, naming the ways on. */
export async function connect(
  { providers: settings }: Configuration,
  environment: NodeJS.ProcessEnv,
  clock: Clock,
): Promise<Connection> {
  const connected = await connectProviders({ settings, environment, clock });
  return { ...connected, close: () => Promise.resolve() };
}

/** Of the simulator of `--simulate`: always the same one, so that runs learn from one another. */
export const simulatorSeed = 1;

/** The simulator behind the same adapters. */
export async function connectSimulator(clock: Clock): Promise<Connection> {
  const simulator = await startSimulator({ seed: simulatorSeed, faulty: false, ordered: true });
  const { client, offers } = await connectProviders({
    settings: simulator.settings,
    environment: {},
    clock,
  });
  return { client, offers, secrets: [], turns: simulator.turns, close: () => simulator.close() };
}
