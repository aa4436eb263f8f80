import { isBuiltInTaskType, type BuiltInTaskType, type TaskType } from './task-type.ts';

/** When a task of one type is good enough, and how far the engine goes for it. */
export type TaskStandard = {
  /** Score in [0, 1] from which an attempt is accepted. */
  acceptAt: number;
  /** Scored attempts at most. */
  maxIterations: number;
  /** Hard limit of output tokens per attempt. */
  outputTokens: number;
};

const standards: Record<BuiltInTaskType, TaskStandard> = {
  code_generation: { acceptAt: 0.85, maxIterations: 3, outputTokens: 8192 },
  code_review: { acceptAt: 0.75, maxIterations: 4, outputTokens: 4096 },
  complex_reasoning: { acceptAt: 0.9, maxIterations: 3, outputTokens: 4096 },
  creative_writing: { acceptAt: 0.8, maxIterations: 2, outputTokens: 4096 },
  data_extraction: { acceptAt: 0.9, maxIterations: 2, outputTokens: 2048 },
  summarization: { acceptAt: 0.8, maxIterations: 2, outputTokens: 1024 },
  evaluation: { acceptAt: 0.8, maxIterations: 2, outputTokens: 2048 },
};

/** The standard of a user's own task type. */
const ownTypeStandard: TaskStandard = { acceptAt: 0.8, maxIterations: 2, outputTokens: 4096 };

export function standardOf(taskType: TaskType): TaskStandard {
  return isBuiltInTaskType(taskType) ? standards[taskType] : ownTypeStandard;
}

/** A gain in score under this stops iterating. */
const plateauGain = 0.02;

/** Whether a score rose enough to go on; 0.80 to 0.82 is a gain of 0.02, whatever binary fractions make of it. */
export const isGain = (from: number, to: number): boolean => to - from >= plateauGain - 1e-9;

/** Digits after which two numbers count as alike. */
const mostDecimals = 6;

/**
 * A score beside the mark that it is held to, with as many decimals as tell them apart, two at least: `0.896` and
 * `0.900`, where two decimals would show the same number twice.
 */
export function scoreAndMark(score: number, mark: number): { score: string; mark: string } {
  const looksAlike = (decimals: number): boolean =>
    score.toFixed(decimals) === mark.toFixed(decimals);
  let decimals = 2;
  if (score !== mark) while (decimals < mostDecimals && looksAlike(decimals)) decimals += 1;
  return { score: score.toFixed(decimals), mark: mark.toFixed(decimals) };
}
