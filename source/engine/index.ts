export { deliverTraces, isTraced } from './tracing/index.ts';
export { runProject } from './run-project.ts';
export type { RunOptions, RunOutcome } from './options.ts';
export { validatorSchema } from './validators/index.ts';
export {
  parseProjectFile,
  readPipedProject,
  checkedProject,
  readProjectFile,
} from './project/project-file.ts';
export { openJournal, type Journal } from './journal/journal.ts';
export { readJournal } from './journal/read.ts';
export { compareModels, type ComparedPair } from './compare/compare-models.ts';
export type { ComparedItem } from './compare/answer-pair.ts';
export { readPlanned } from './journal/read-planned.ts';
export { listRuns, newestFirst } from './journal/list-runs.ts';
export { readRun } from './results/read-run.ts';
export {
  hasJournal,
  journalPath,
  projectIdPattern,
  projectIdsIn,
  runDirectory,
} from './journal/paths.ts';
export { watchLiveRuns } from './journal/live-runs.ts';
export { keepHeapSmall } from './small-heap.ts';
export { openResults, type ResultsWriter } from './results/writer.ts';
export { extendResultsRecord, readResultsRecord } from './results/record.ts';
