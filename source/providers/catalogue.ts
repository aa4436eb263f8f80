import type { BuiltInTaskType } from '../domain/task-type.ts';

export type CatalogueModel = {
  /** The provider's own model id. */
  id: string;
  /** The name of a preset. */
  provider: string;
  /** Tokens of input and output together. */
  contextTokens: number;
  /** The task types it is able to do; absent: all. */
  taskTypes?: readonly BuiltInTaskType[];
  /**
   * Its general strength, in [0, 1], on the scale of scores: 0.8 is what a usual model gets, and only differences
   * count. An estimate of November 2026, by 0.1 off either way, from the tier its maker sells it as and the ranks of
   * its predecessors on public leaderboards (LMArena, Artificial Analysis), not measured by us: what a user's own
   * history says outweighs it soon.
   */
  strength: number;
};

const coding: readonly BuiltInTaskType[] = ['code_generation', 'code_review'];

/** The smallest models: everything but long chains of reasoning and reviewing code. */
const light: readonly BuiltInTaskType[] = [
  'code_generation',
  'creative_writing',
  'data_extraction',
  'summarization',
  'evaluation',
];

/** Offered for whichever provider has its key; prices come from the price list. */
export const catalogue: readonly CatalogueModel[] = [
  { id: 'claude-opus-5-5', provider: 'anthropic', contextTokens: 1_000_000, strength: 0.93 },
  { id: 'claude-sonnet-5', provider: 'anthropic', contextTokens: 1_000_000, strength: 0.89 },
  { id: 'claude-haiku-4-5', provider: 'anthropic', contextTokens: 200_000, strength: 0.82 },
  { id: 'gpt-6-sol', provider: 'openai', contextTokens: 1_050_000, strength: 0.94 },
  { id: 'gpt-6-luna', provider: 'openai', contextTokens: 1_050_000, strength: 0.87 },
  { id: 'gpt-5.4-mini', provider: 'openai', contextTokens: 400_000, strength: 0.82 },
  {
    id: 'gpt-5.4-nano',
    provider: 'openai',
    contextTokens: 400_000,
    strength: 0.74,
    taskTypes: light,
  },
  { id: 'gemini-3.1-pro-preview', provider: 'google', contextTokens: 1_048_576, strength: 0.92 },
  { id: 'gemini-3.5-flash', provider: 'google', contextTokens: 1_000_000, strength: 0.87 },
  {
    id: 'gemini-3.5-flash-lite',
    provider: 'google',
    contextTokens: 1_000_000,
    strength: 0.78,
    taskTypes: light,
  },
  { id: 'deepseek-v4-pro', provider: 'deepseek', contextTokens: 1_000_000, strength: 0.88 },
  { id: 'deepseek-v4-flash', provider: 'deepseek', contextTokens: 1_000_000, strength: 0.83 },
  { id: 'kimi-k3', provider: 'moonshot', contextTokens: 1_048_576, strength: 0.89 },
  { id: 'kimi-k2.6', provider: 'moonshot', contextTokens: 262_144, strength: 0.86 },
  {
    id: 'kimi-k2.7-code',
    provider: 'moonshot',
    contextTokens: 262_144,
    strength: 0.86,
    taskTypes: coding,
  },
  { id: 'MiniMax-M3', provider: 'minimax', contextTokens: 1_000_000, strength: 0.86 },
  { id: 'MiniMax-M2.7', provider: 'minimax', contextTokens: 204_800, strength: 0.82 },
  { id: 'glm-5.3', provider: 'zhipu', contextTokens: 1_000_000, strength: 0.87 },
  {
    id: 'glm-5.3-flash',
    provider: 'zhipu',
    contextTokens: 1_000_000,
    strength: 0.79,
    taskTypes: light,
  },
];
