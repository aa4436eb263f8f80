import type { CandidateAssessment, ExclusionReason } from '../domain/routing-decision.ts';
import { taskTypeLabel, type TaskType } from '../domain/task-type.ts';
import type { Contender } from './choice.ts';

export const exclusionReasons: Record<ExclusionReason, string> = {
  'not-able': 'is not set up for this task type',
  'not-allowed': 'is not among the models that the policy allows',
  blocked: 'is blocked by the policy',
  unhealthy: 'failed too often just now and is left alone for a while',
  'too-dear': 'costs more than may be spent',
  'too-slow': 'its p95 is above the latency limit',
  'not-configured': 'is known from the past, but no provider offers it now',
  'excluded-by-caller': 'was already tried for this task',
};

const places = (value: number): string => value.toFixed(2);

export function rankReason({
  contender,
  chosen,
  greedy,
  best,
  tolerance,
}: {
  contender: Contender;
  chosen: Contender | undefined;
  greedy: Contender | undefined;
  best: number;
  tolerance: number;
}): string {
  if (contender === chosen && contender !== greedy) return 'tried to learn more about it';
  const gap = best - contender.mean;
  if (contender === chosen) {
    return gap > 0
      ? `the cheapest within ${tolerance} of the best quality, ${places(best)}`
      : `the best quality, and nothing within ${tolerance} of it is cheaper`;
  }
  if (gap > tolerance) return `${places(gap)} below the best quality, more than ${tolerance}`;
  return contender === greedy
    ? 'the choice without exploration'
    : 'good enough, but not the cheapest';
}

export function decisionReason({
  taskType,
  chosen,
  greedy,
  candidates,
  tolerance,
}: {
  taskType: TaskType;
  chosen: string | undefined;
  greedy: string | undefined;
  candidates: readonly CandidateAssessment[];
  tolerance: number;
}): string {
  if (chosen === undefined) {
    const first = candidates[0];
    const why = first === undefined ? '' : `: ${first.model} ${first.reason}`;
    return `No model can take ${taskTypeLabel(taskType)} now${why}; allow, set up or afford one more.`;
  }
  if (chosen !== greedy) {
    return `${chosen} is tried to learn more about it; without exploration it would be ${greedy}.`;
  }
  return `${chosen} is the cheapest within ${tolerance} of the best quality for ${taskTypeLabel(taskType)}.`;
}
