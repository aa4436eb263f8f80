import process from 'node:process';
import type { LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider';
import { defined } from '../domain/defined.ts';
import type { AnswerForm } from './event-stream.ts';
import type { ProviderKind } from './settings.ts';

/** A reachable provider, as an adapter needs it. */
export type Connection = {
  /** The configured name. */
  name: string;
  apiKey?: string;
  baseUrl: string;
  fetch: typeof fetch;
};

/** Makes the client of one model. */
export type ModelFactory = (modelId: string) => LanguageModelV4;

export type Adapter = {
  /** Environment variables that may hold the key, the first that is set wins; none: needs no key. */
  keyVariables: readonly string[];
  /** Its own address; absent: it has none, and needs one. */
  baseUrl?: string;
  /** The variable in which the provider's own tools look for another address. */
  baseUrlVariable?: string;
  /** The form of its answers. */
  answers: AnswerForm;
  /** Whether a JSON answer can be asked for without a schema. */
  jsonMode: boolean;
  /** The provider's name in the price list. */
  pricesId?: string;
  /** Sent with every request. */
  options?: SharedV4ProviderOptions;
  /** Loads the package, which happens on the first call only. */
  load: (connection: Connection) => Promise<ModelFactory>;
};

/** One entry per interface that we speak; another provider of that interface is configuration. */
export const adapters = {
  openai: {
    keyVariables: ['OPENAI_API_KEY'],
    baseUrl: 'https://api.openai.com/v1',
    baseUrlVariable: 'OPENAI_BASE_URL',
    answers: 'responses',
    jsonMode: true,
    pricesId: 'openai',
    // Without this the provider keeps every answer for a month.
    options: { openai: { store: false } },
    load: async (connection) => {
      removeBlank('OPENAI_BASE_URL');
      const { createOpenAI } = await import('@ai-sdk/openai');
      return createOpenAI(sdkSettings(connection));
    },
  },
  anthropic: {
    keyVariables: ['ANTHROPIC_API_KEY'],
    baseUrl: 'https://api.anthropic.com/v1',
    baseUrlVariable: 'ANTHROPIC_BASE_URL',
    answers: 'messages',
    jsonMode: false,
    pricesId: 'anthropic',
    load: async (connection) => {
      removeBlank('ANTHROPIC_BASE_URL');
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic(sdkSettings(connection));
    },
  },
  google: {
    keyVariables: ['GOOGLE_API_KEY', 'GEMINI_API_KEY'],
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    answers: 'gemini',
    jsonMode: true,
    pricesId: 'google',
    load: async (connection) => {
      const { createGoogle } = await import('@ai-sdk/google');
      return createGoogle(sdkSettings(connection));
    },
  },
  deepseek: {
    keyVariables: ['DEEPSEEK_API_KEY'],
    baseUrl: 'https://api.deepseek.com',
    answers: 'chat',
    jsonMode: true,
    pricesId: 'deepseek',
    load: async (connection) => {
      const { createDeepSeek } = await import('@ai-sdk/deepseek');
      return createDeepSeek(sdkSettings(connection));
    },
  },
  moonshot: {
    keyVariables: ['MOONSHOT_API_KEY', 'KIMI_API_KEY'],
    baseUrl: 'https://api.moonshot.ai/v1',
    answers: 'chat',
    jsonMode: true,
    pricesId: 'moonshotai',
    load: async (connection) => {
      const { createMoonshotAI } = await import('@ai-sdk/moonshotai');
      return createMoonshotAI(sdkSettings(connection));
    },
  },
  'openai-compatible': {
    keyVariables: [],
    answers: 'chat',
    // Some servers refuse a request that asks for it.
    jsonMode: false,
    load: async (connection) => {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      return createOpenAICompatible({
        ...sdkSettings(connection),
        name: connection.name,
      });
    },
  },
} satisfies Record<ProviderKind, Adapter>;

export function adapterOf(kind: ProviderKind): Adapter {
  return adapters[kind];
}

/** The packages make a client while they are loaded, and throw where the variable of its address is blank. */
function removeBlank(variable: string): void {
  if (process.env[variable]?.trim() === '') delete process.env[variable];
}

function sdkSettings({ apiKey, baseUrl, fetch }: Connection) {
  return {
    fetch,
    // Always said: the packages would look for it in the environment themselves.
    baseURL: baseUrl,
    ...defined({ apiKey }),
  };
}
