import type { Blame, FinishReason, ModelCallErrorCode } from '../../domain/model-api.ts';
import type { CallRole } from '../../domain/model-call.ts';
import type { Prompt } from '../../domain/prompts.ts';
import type { TaskType } from '../../domain/task-type.ts';
import type { NanoDollars } from '../../domain/nano-dollars.ts';
import type { CallSignals } from './signals.ts';

export type CallRequest = {
  /** Names the call within the run; the same in every part of a resumed run. */
  step: string;
  role: CallRole;
  /** What it is for; absent while planning. */
  taskId?: string;
  taskType?: TaskType;
  /** The iteration of the task, from 1. */
  attempt?: number;
  /** Whose answer is criticised or judged. */
  subjectModel?: string;
  model: string;
  prompt: Prompt;
  maxOutputTokens: number;
  json?: boolean;
  temperature?: number;
  signals: CallSignals;
  /**
   * Reads the score in a judge's answer, so that it is part of what is recorded of the call; undefined
   * for an answer that is no judgement. Must not throw.
   */
  scoreOf?: (answer: ReadAnswer) => number | undefined | Promise<number | undefined>;
  /** Works out the probability with which routing chose this model; asked while the call is under way. */
  propensity?: () => number | undefined;
  /** Called right before every request is sent. */
  onStart?: () => void;
};

export type CallFailureReason =
  | ModelCallErrorCode
  /** The budget cannot hold what the call could cost. */
  | 'no-budget'
  /** Its breaker is open, or the model is out for the rest of the run. */
  | 'unhealthy';

type Used = {
  /** The model that answered: on a resumed run, the one that did so before. */
  model: string;
  /** What all tries together cost, as far as that is known. */
  cost: NanoDollars;
  /** What was charged for calls of unknown cost: it counts in the budget, and is no price. */
  possibleCost: NanoDollars;
  /** Milliseconds in flight, all tries together, waits left out. */
  latencyMs: number;
};

/** A server that reads less than it was sent. */
export type CutPrompt = {
  /** Tokens that the prompt has at least. */
  promptTokens: number;
  /** Those that the server counted. */
  readTokens: number;
};

/** A model's answer, without the reasoning around it. */
export type ReadAnswer = {
  text: string;
  finishReason: FinishReason;
  /** It was cut off: in what it answered, or already in what it thought before. */
  cut?: 'answer' | 'reasoning';
  /** Hidden reasoning tokens within its output, as far as is known. */
  reasoningTokens?: number;
  /** A judge's. */
  score?: number;
  /** Present where the server cut the prompt to its window: the answer is one to the rest of it. */
  cutPrompt?: CutPrompt;
};

export type CallAnswer = Used & ReadAnswer & { ok: true };
export type CallFailure = Used & {
  ok: false;
  reason: CallFailureReason;
  message: string;
  /** Whose failure it is: only a model's own may be learned. */
  blame: Blame;
};
export type CallResult = CallAnswer | CallFailure;

/** One answer for one request: retries, money, health and limits are taken care of. Never rejects. */
export type Caller = {
  call: (request: CallRequest) => Promise<CallResult>;
  /** Whether a call to the model could go out now. */
  isHealthy: (model: string) => boolean;
  /** Milliseconds until a model that is not healthy may be again; undefined for never in this run. */
  recoversInMs: (model: string) => number | undefined;
};
