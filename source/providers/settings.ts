import type { TaskType } from '../domain/task-type.ts';

/** Which interface a provider speaks. */
export type ProviderKind =
  | 'openai'
  | 'anthropic'
  | 'google'
  | 'deepseek'
  | 'moonshot'
  | 'openai-compatible';

/** How to reach a provider; whatever is absent comes from the preset of that name, or of the kind. */
export type ProviderSettings = {
  kind?: ProviderKind;
  baseUrl?: string;
  /** The environment variable that holds the key. Keys themselves are never configured. */
  apiKeyEnv?: string;
  /** Whether the server understands `response_format: {"type": "json_object"}`. */
  jsonMode?: boolean;
};

/** Dollars per million tokens. */
export type TokenPrice = {
  input: number;
  output: number;
  /** Input read from the provider's cache; the input price where absent. */
  cachedInput?: number;
};

/** A model the user added, or what the user says differently of one in the catalogue. */
export type ModelSettings = {
  id: string;
  provider: string;
  taskTypes?: readonly TaskType[];
  contextTokens?: number;
  price?: TokenPrice;
};

export type ProvidersSettings = {
  providers: Readonly<Record<string, ProviderSettings>>;
  models: readonly ModelSettings[];
  /** Whether the built-in models are offered besides `models`. */
  catalogue: boolean;
};

/** Nothing configured: the catalogue, for whichever keys are set. */
export const defaultProvidersSettings: ProvidersSettings = {
  providers: {},
  models: [],
  catalogue: true,
};
