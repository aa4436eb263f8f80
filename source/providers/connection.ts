import type { LanguageModelV4 } from '@ai-sdk/provider';
import { defined } from '../domain/defined.ts';
import { secretsInQuery, type Address } from './address.ts';
import type { Adapter } from './adapters.ts';
import { answerReader } from './answer-reader.ts';
import { createLongTexts, type LongTexts } from './long-texts.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { changed, changesAfter, noChanges, type RequestChanges } from './request-changes.ts';
import type { Transport } from './transport.ts';

/** A provider as the client calls it. */
export type ConnectedProvider = {
  name: string;
  adapter: Adapter;
  jsonMode: boolean;
  keyVariables: readonly string[];
  apiKey?: string;
  /** The variable that the key was found in. */
  keyVariable?: string;
  address: Address;
  /** Where its address is set, for messages. */
  addressSetting: string;
};

/** One model behind its provider's interface, with what was learned of how it wants to be asked. */
export type ModelConnection = {
  model: LanguageModelV4;
  /** What stands in for long prompts in the adapter's requests. */
  longTexts: LongTexts;
  /**
   * Whether the refused request can be sent again in another form, which is then kept for the run.
   */
  adaptTo(refusal: { message: string; parameter?: string }): boolean;
};

/** Which of a provider's possible addresses is used; shared by its models. */
export type AddressChoice = {
  index(): number;
  /** Nothing was found below the address of this index; whether there is another to try. */
  notFound(index: number): boolean;
  answered(): void;
};

export function chooseAddress({ bases }: Address): AddressChoice {
  let index = 0;
  let isSettled = bases.length === 1;
  return {
    index: () => index,
    notFound(tried) {
      if (tried !== index) return true;
      if (isSettled) return false;
      index += 1;
      if (index < bases.length) return true;
      // None answers: back to the likeliest, which is the one to speak of.
      index = 0;
      isSettled = true;
      return false;
    },
    answered() {
      isSettled = true;
    },
  };
}

export async function connectModel(
  id: string,
  provider: ConnectedProvider,
  network: { transport: Transport; maxBytes: number; choice: AddressChoice },
): Promise<ModelConnection> {
  const { address, addressSetting, name, apiKey, adapter } = provider;
  const [likeliest] = address.bases;
  const send = guardedFetch({
    ...network,
    provider: name,
    addressSetting,
    secrets: [...(apiKey === undefined ? [] : [apiKey]), ...secretsInQuery(address)],
  });
  const longTexts = createLongTexts();
  const read = answerReader(adapter.answers);
  let changes: RequestChanges = noChanges;
  let lastSent: Record<string, unknown> = {};

  const fetchForModel: typeof fetch = async (input, init = {}) => {
    const text = input instanceof Request ? input.url : String(input);
    const base = address.bases[network.choice.index()] ?? likeliest;
    const url = new URL(text.startsWith(likeliest) ? base + text.slice(likeliest.length) : text);
    for (const [key, value] of new URLSearchParams(address.query))
      url.searchParams.append(key, value);
    const body = changes === noChanges ? init.body : bodyWith(init.body, changes);
    const filled = typeof body === 'string' ? await longTexts.filled(body) : body;
    const response = await read(await send(url, { ...init, ...defined({ body: filled }) }));
    if (!response.ok && response.status < 500) lastSent = parsed(body);
    return response;
  };
  const make = await adapter.load({ ...provider, baseUrl: likeliest, fetch: fetchForModel });
  return {
    model: make(id),
    longTexts,
    adaptTo(refusal) {
      const next = changesAfter(refusal, lastSent, changes);
      if (next !== undefined) changes = next;
      return next !== undefined;
    },
  };
}

function bodyWith(body: RequestInit['body'], changes: RequestChanges): string {
  return JSON.stringify(changed(parsed(body), changes));
}

function parsed(body: RequestInit['body']): Record<string, unknown> {
  if (typeof body !== 'string') return {};
  const value: unknown = JSON.parse(body);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
