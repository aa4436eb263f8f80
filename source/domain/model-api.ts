import type { TaskType } from './task-type.ts';

/** Tokens of one call as the provider reported them. */
export type TokenUsage = {
  /** All input tokens, cached ones included. */
  inputTokens: number;
  /** Those of the input that were read from the provider's cache. */
  cachedInputTokens: number;
  /** Those of the input that were written to the provider's cache, where it charges for that. */
  cacheWriteTokens?: number;
  /** All output tokens, reasoning included. */
  outputTokens: number;
  /** Those of the output that nobody sees, where the provider says how many. */
  reasoningTokens?: number;
};

/** One model that the user can call, with what routing and the budget need to know of it. */
export type ModelOffer = {
  /** The provider's model id; unique among the offers of a run. */
  id: string;
  /** The configured name of its provider. */
  provider: string;
  /** The task types it is able to do; absent: all. */
  taskTypes?: readonly TaskType[];
  /** Tokens of input and output together, where known. */
  contextTokens?: number;
  /** Its general strength on the scale of scores, in [0, 1], as publicly known; absent: unknown. */
  strength?: number;
  /** Dollars for a call with this usage; cached and tiered prices included. Never NaN or negative. */
  costUsd: (usage: TokenUsage) => number;
  /** Where its requests go, as traces have it; absent where that is not known. */
  server?: ModelServer;
  /** The most that a call begun now can cost with this usage, where prices change with the hour. */
  maxUsd?: (usage: TokenUsage) => number;
};

/** A server of models, as OpenTelemetry names it. */
export type ModelServer = {
  /** The provider's name in the conventions; where they have none, the configured one. */
  conventionalProvider: string;
  /** Host name or IP address. */
  address: string;
  port: number;
};

export type ModelRequest = {
  model: string;
  system?: string;
  prompt: string;
  /** Hard limit of output tokens that is sent with the request. */
  maxOutputTokens: number;
  temperature?: number;
  /** Ask for a JSON answer where the provider can be asked. */
  json?: boolean;
  signal?: AbortSignal;
};

export type FinishReason =
  | 'stop'
  | 'length'
  | 'refusal'
  /** The server stopped the model before its end, for reasons of its own. */
  | 'broken-off'
  | 'other';

/** Why a text with such an end is no answer; undefined where it may be one. */
export function noAnswerReason(reason: FinishReason): string | undefined {
  if (reason === 'refusal') return 'the model refused';
  return reason === 'broken-off' ? 'its server broke the answer off' : undefined;
}

export type ModelResponse = {
  text: string;
  finishReason: FinishReason;
  /** Absent when the provider reported none: unknown, not zero. */
  usage?: TokenUsage;
  /** The model that answered, in the provider's words. */
  servedModel?: string;
  /** The provider's name for this answer. */
  responseId?: string;
};

export type ModelCallErrorCode =
  /** 429, or a provider's own word for it. Not a failure of the model. */
  | 'rate-limited'
  /** 500, 502, 503, 529 and the like. */
  | 'overloaded'
  /** The connection failed or was cut. */
  | 'network'
  | 'timed-out'
  /** The caller's signal ended the call. Not a failure of the model. */
  | 'aborted'
  /** 401, 403, or a provider's own word for it: the key is missing, wrong or not allowed. */
  | 'unauthorized'
  /** 402, or a provider's own word for no credit left. */
  | 'out-of-credit'
  /** The model does not exist there. */
  | 'unknown-model'
  /** The address, the certificate or the proxy is not what it has to be. */
  | 'misconfigured'
  /** Another 4xx: the request itself is refused, for example as too long. */
  | 'bad-request'
  /** An answer that is not what the provider's interface promises, for example HTML with status 200. */
  | 'invalid-response';

/** Whose failure it is. Only the model's own are learned; the user's are said with their remedy. */
export type Blame = 'model' | 'user' | 'nobody';

/** What else would meet the same failure now. */
export type Affected = 'request' | 'model' | 'provider';

type ErrorTraits = {
  blame: Blame;
  affects: Affected;
  isRetryable: boolean;
  /** Whether the request may have reached the model, so that the provider may charge for it. */
  mayHaveCost: boolean;
};

const refused = { isRetryable: false, mayHaveCost: false };
const broken = { blame: 'model', affects: 'model', isRetryable: true, mayHaveCost: true } as const;

/** What a code means unless the error says otherwise. */
const traitsOf = {
  'rate-limited': { ...refused, blame: 'nobody', affects: 'provider', isRetryable: true },
  overloaded: { ...broken, mayHaveCost: false },
  network: broken,
  'timed-out': broken,
  aborted: { blame: 'nobody', affects: 'request', isRetryable: false, mayHaveCost: true },
  unauthorized: { ...refused, blame: 'user', affects: 'provider' },
  'out-of-credit': { ...refused, blame: 'user', affects: 'provider' },
  'unknown-model': { ...refused, blame: 'user', affects: 'model' },
  misconfigured: { ...refused, blame: 'user', affects: 'provider' },
  'bad-request': { ...refused, blame: 'model', affects: 'request' },
  'invalid-response': { ...refused, blame: 'model', affects: 'model' },
} satisfies Record<ModelCallErrorCode, ErrorTraits>;

/** A call to a model failed. The message never holds a key, a prompt or an output. */
export class ModelCallError extends Error {
  override readonly name = 'ModelCallError';
  readonly code: ModelCallErrorCode;
  readonly blame: Blame;
  readonly affects: Affected;
  readonly isRetryable: boolean;
  readonly status?: number;
  /** How long the server asked to be left alone, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Whether the request may have reached the model, so that the provider may charge for it. */
  readonly mayHaveCost: boolean;

  constructor(
    code: ModelCallErrorCode,
    message: string,
    options: Partial<ErrorTraits> & {
      cause?: unknown;
      status?: number;
      retryAfterMs?: number;
    } = {},
  ) {
    super(message, { cause: options.cause });
    const { blame, affects, isRetryable, mayHaveCost } = traitsOf[code];
    this.code = code;
    this.blame = options.blame ?? blame;
    this.affects = options.affects ?? affects;
    this.isRetryable = options.isRetryable ?? isRetryable;
    this.mayHaveCost = options.mayHaveCost ?? mayHaveCost;
    if (options.status !== undefined) this.status = options.status;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

/** The edge to model APIs: one request, one answer, no retries. Rejects with {@link ModelCallError}. */
export type ModelClient = {
  generate(request: ModelRequest): Promise<ModelResponse>;
};
