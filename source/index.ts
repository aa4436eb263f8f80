/** The library: the same store that the commands use. */
export {
  openTelemetryStore,
  type StoreOptions,
  type StoreStatistics,
  type TelemetryStore,
} from './telemetry/index.ts';
export { OrchestratorError, TelemetryError, type TelemetryErrorCode } from './domain/errors.ts';
export type { Confidence } from './domain/confidence.ts';
export type {
  ModelRanking,
  Recommendation,
  RecommendationEvidence,
  RecommendationKind,
  ModelStats,
  TaskTypeLeader,
} from './domain/insight.ts';
export type {
  CellHistory,
  HistoricalProfile,
  ModelProfile,
  ProfileSnapshot,
} from './domain/profile.ts';
export type { CallRole, ModelCall, ResultOutcome } from './domain/model-call.ts';
export type { TaskResult } from './domain/task-result.ts';
