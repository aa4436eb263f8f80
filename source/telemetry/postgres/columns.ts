import type { RowKind } from '../write/rows.ts';

const integers = new Set([
  'attempt',
  'cached_input_tokens',
  'cache_write_tokens',
  'call_count',
  'cost_estimated',
  'det_passed',
  'failure_count',
  'input_tokens',
  'iterations',
  'output_tokens',
  'reasoning_tokens',
  'validator_fail_count',
]);
const texts = new Set([
  'call_id',
  'model',
  'model_chosen',
  'note',
  'outcome',
  'project_id',
  'provider',
  'response_id',
  'reviewer',
  'role',
  'served_model',
  'source',
  'subject_model',
  'tag_name',
  'tag_value',
  'task_id',
  'task_type',
]);

/** The type of a recorded column; what is neither text nor a count is a double, as in SQLite. */
export function typeOf(column: string): 'integer' | 'text' | 'float8' {
  if (integers.has(column)) return 'integer';
  return texts.has(column) ? 'text' : 'float8';
}

/** Columns of which null means that nobody judged: 0 in the table, as in the original, and noted beside it. */
export const scoreColumns: Partial<Record<RowKind, string>> = {
  events: 'score',
  snapshots: 'quality_score',
};
