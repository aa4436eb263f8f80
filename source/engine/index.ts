export { runProject } from './run-project.ts';
export type { RunOptions, RunOutcome } from './options.ts';
export { defaultTuning, standardOf, type TaskStandard, type Tuning } from './constants.ts';
export { validatorSchema, type ValidatorSpec } from './validators/index.ts';
export { DecompositionError, type DecompositionErrorCode } from './project/decompose.ts';
