export type RoutingStrategy = 'adaptive' | 'greedy';

export type RoutingSettings = {
  strategy: RoutingStrategy;
  /** How much quality, in [0, 1], the user would trade for money; 0 means best quality. */
  qualityTolerance: number;
  /**
   * The largest share of a task type's tasks, in [0, 1], that may go to another model than the one held to
   * be right, once there is some history.
   */
  exploration: number;
  /**
   * Whether a cheaper model may come first, and a second one only where its answer is judged not good enough,
   * on task types whose history shows that it pays; absent: no.
   */
  portfolio?: boolean | undefined;
};

export const defaultRoutingSettings: RoutingSettings = {
  strategy: 'adaptive',
  qualityTolerance: 0.05,
  exploration: 0.2,
};

/** What the user permits. Advice never changes it. */
export type Policy = {
  /** When not empty, only these models. */
  allow: readonly string[];
  block: readonly string[];
  /** An attempt slower than this violates the policy; a model whose p95 is above it is not chosen. */
  maxLatencyMs?: number;
  /** A more expensive task violates the policy. */
  maxTaskCostUsd?: number;
};

export const openPolicy: Policy = { allow: [], block: [] };
