import type { TaskType } from './task-type.ts';

/** What a call to a model is for. */
export const callRoles = ['planner', 'generator', 'reviser', 'critic', 'judge'] as const;

export type CallRole = (typeof callRoles)[number];

/** One request that was sent to a model, once it is over, as telemetry keeps it. */
export type ModelCall = {
  /** Names the call within its project, through all parts of the run: a call that is recorded again counts once. */
  callId: string;
  /** Absent while planning, as are `taskType` and `attempt`. */
  taskId?: string;
  taskType?: TaskType;
  /** The attempt that it belongs to, from 1. */
  attempt?: number;
  role: CallRole;
  /** The configured name of the provider. */
  provider: string;
  /** The model that was asked for. */
  model: string;
  /** The model that answered, as the provider names it. */
  servedModel?: string;
  /** The provider's name for its answer. */
  responseId?: string;
  /** The model whose answer was criticised or judged. */
  subjectModel?: string;
  /** A judge's score as it gave it, in [0, 1]. */
  score?: number;
  /** All input tokens, cached and cache-write ones included. Tokens are absent where they are unknown. */
  inputTokens?: number;
  cachedInputTokens?: number;
  cacheWriteTokens?: number;
  /** All output tokens, reasoning included. */
  outputTokens?: number;
  reasoningTokens?: number;
  /** Dollars that were charged for it. */
  costUsd: number;
  /** Whether the cost was charged without the provider having reported it. */
  costEstimated: boolean;
  latencyMs: number;
  /** `ok`, or the stable code of the error. */
  outcome: string;
  /** Of a generator: the probability with which routing chose this model. */
  propensity?: number;
  /** Unix seconds; absent: now. */
  at?: number;
};

/** What is known of a call that is recorded already. */
export type RecordedCall = Pick<ModelCall, 'costUsd' | 'costEstimated' | 'latencyMs' | 'outcome'>;

/** What a person or a program found of a result afterwards. */
export type ResultOutcome = {
  /** `person`, `test`, `merge`, `import`, or a word of the user's. */
  source: string;
  /** In [0, 1]; null withdraws what this source said before. */
  value: number | null;
  /** The probability with which the program asked for it; absent: it was volunteered. */
  sampled?: number;
  note?: string;
};
