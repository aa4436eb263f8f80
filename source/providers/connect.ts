import { serverOf } from './convention-names.ts';
import { defined } from '../domain/defined.ts';
import { OrchestratorError } from '../domain/errors.ts';
import type { ModelClient, ModelOffer } from '../domain/model-api.ts';
import type { Clock } from '../domain/runtime.ts';
import { secretsInQuery } from './address.ts';
import { isThisMachine } from '../domain/this-machine.ts';
import { defaultMaxResponseBytes } from './bounded-fetch.ts';
import { createModelClient } from './client.ts';
import { plainKeyMessage } from './guarded-fetch.ts';
import { listModels, type ModelListing } from './listing.ts';
import type { Environment, ResolvedProvider } from './presets.ts';
import { proxyFor, proxySecrets } from './proxy.ts';
import type { ProvidersSettings } from './settings.ts';
import { createTransport } from './transport.ts';

export type ConnectedProviders = {
  client: ModelClient;
  /** The models that can be called and whose price is known. */
  offers: ModelOffer[];
  /** The keys in use, so that they can be blanked wherever text leaves the program. */
  secrets: string[];
};

/**
 * The models that this user can call. Providers without their key are left out. Rejects with an
 * {@link OrchestratorError}: `no-provider` where nothing is left, `price-unknown` for a configured
 * model of unknown price, `bad-configuration`.
 */
export async function connectProviders(options: {
  settings: ProvidersSettings;
  environment: Environment;
  clock?: Clock;
  maxResponseBytes?: number;
}): Promise<ConnectedProviders> {
  const { settings, environment, maxResponseBytes = defaultMaxResponseBytes } = options;
  const clock = options.clock ?? (() => Date.now() / 1000);
  const usable = (await listModels({ settings, environment, clock })).filter(
    (listing) => listing.usable,
  );
  const unpriced = usable.find(({ price, configured }) => configured && price === undefined);
  if (unpriced !== undefined) throw priceUnknown(unpriced);
  const offers = usable.flatMap(offerOf);
  if (offers.length === 0) throw noProvider();
  const providers = new Set(usable.map(({ provider }) => provider));
  for (const provider of providers) refuseUnsafe(provider, environment);
  const keys = [...providers].flatMap(({ apiKey }) => apiKey ?? []);
  const others = [
    ...[...providers].flatMap(({ address }) => secretsInQuery(address)),
    ...proxySecrets(environment),
  ];
  return {
    offers,
    secrets: [...new Set([...keys, ...others])],
    client: createModelClient({
      providerOfModel: new Map(usable.map(({ id, provider }) => [id, provider])),
      transport: createTransport(environment),
      maxResponseBytes,
      secrets: others,
      clock,
    }),
  };
}

/**
 * Refuses before anything is sent what could not be sent: a key over plain http to another machine, or
 * a request through a proxy of an unknown kind.
 */
function refuseUnsafe(provider: ResolvedProvider, environment: Environment): void {
  const { name, address, addressSetting, apiKey } = provider;
  const url = new URL(address.bases[0]);
  const hasKey = apiKey !== undefined || secretsInQuery(address).length > 0;
  if (hasKey && url.protocol === 'http:' && !isThisMachine(url.hostname)) {
    throw new OrchestratorError('bad-configuration', plainKeyMessage(name, addressSetting, url));
  }
  const choice = proxyFor(url, environment);
  if (choice.kind === 'problem') throw new OrchestratorError('bad-configuration', choice.message);
}

function offerOf(listing: ModelListing): ModelOffer[] {
  const { id, provider, taskTypes, contextTokens, price, strength } = listing;
  if (price === undefined) return [];
  return [
    {
      id,
      provider: provider.name,
      costUsd: price.costUsd,
      server: serverOf(provider),
      ...defined({ maxUsd: price.maxUsd, taskTypes, contextTokens, strength }),
    },
  ];
}

function priceUnknown({ id, provider }: ModelListing): OrchestratorError {
  return new OrchestratorError(
    'price-unknown',
    `The price of ${id} is not known, so its cost could not be kept within a budget: state it in dollars per million tokens under models: in the configuration, as "${priceLine({ id, provider: provider.name })}".`,
  );
}

/** The line of the configuration that states a model's price, with zeros to fill in. */
export function priceLine({ id, provider }: { id: string; provider: string }): string {
  return `- {id: ${JSON.stringify(id)}, provider: ${provider}, price: {input: 0, output: 0}}`;
}

function noProvider(): OrchestratorError {
  return new OrchestratorError(
    'no-provider',
    'No model can be called: set a key such as OPENAI_API_KEY or ANTHROPIC_API_KEY, or configure a local server under providers: and models: in orchestrator.yaml, or try it without either using --simulate.',
  );
}
