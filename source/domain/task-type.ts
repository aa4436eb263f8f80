/**
 * What kind of work a task is. One of {@link builtInTaskTypes} or a user's own name; outcome files
 * that are replayed may use any name at all, so it is a plain string wherever it is only carried.
 */
export type TaskType = string;

export const builtInTaskTypes = [
  'code_generation',
  'code_review',
  'complex_reasoning',
  'creative_writing',
  'data_extraction',
  'summarization',
  'evaluation',
] as const;

export type BuiltInTaskType = (typeof builtInTaskTypes)[number];

/** A task type that a user may name in a project file or the configuration. */
export const taskTypePattern = /^[a-z0-9_-]{1,64}$/;

const labels: Record<BuiltInTaskType, string> = {
  code_generation: 'code_gen',
  code_review: 'code_review',
  complex_reasoning: 'reasoning',
  creative_writing: 'writing',
  data_extraction: 'data_extract',
  summarization: 'summarize',
  evaluation: 'evaluate',
};

export function isBuiltInTaskType(taskType: TaskType): taskType is BuiltInTaskType {
  return Object.hasOwn(labels, taskType);
}

/** The short name of a task type on screens; a user's own type is its own label. */
export function taskTypeLabel(taskType: TaskType): string {
  return isBuiltInTaskType(taskType) ? labels[taskType] : taskType;
}
