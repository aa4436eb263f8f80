import { defined } from '../domain/defined.ts';
import { listPriceUsd } from '../domain/list-price.ts';
import type { ModelOffer } from '../domain/model-api.ts';
import type { TaskType } from '../domain/task-type.ts';

/** A model that may be chosen, with what routing must know before it has seen anything of it. */
export type RoutableModel = {
  /** Unique among the models of a profiles. */
  id: string;
  provider: string;
  /** The task types it is able to do; absent: all. */
  taskTypes?: readonly TaskType[];
  /**
   * What is publicly known of its quality over all kinds of work, in [0, 1]; absent: not known. Only the
   * differences between models count, and those are held against what is seen.
   */
  strength?: number;
  /** Dollars for 1,000 input and 500 output tokens; Infinity where no price is known: not free. */
  defaultCostUsd: number;
};

/** One finished attempt, as the engine saw it. */
export type AttemptObservation = {
  model: string;
  taskType: TaskType;
  /** In [0, 1]; absent when the attempt failed or its judge did. */
  score?: number;
  /** Whether it ended in an error of the model; 429s and aborts are not failures. */
  failed: boolean;
  /** Absent where unknown, which is not the same as free. */
  costUsd?: number;
  latencyMs?: number;
  /** Whether the answer broke the user's policy after the fact. */
  policyViolation: boolean;
  /** Whether every deterministic validator passed, or there was none. */
  validatorsPassed: boolean;
};

/** An offer as routing knows it beforehand: at its list price. */
export function routableModel(offer: ModelOffer): RoutableModel {
  const { id, provider, taskTypes, strength } = offer;
  return { id, provider, defaultCostUsd: listPriceUsd(offer), ...defined({ taskTypes, strength }) };
}
