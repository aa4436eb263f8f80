/** The library: the same store that the commands use. */
export { openTelemetryStore } from './telemetry/store.ts';
export type { StoreOptions, TelemetryStore } from './telemetry/store-types.ts';
export type { StoreStatistics } from './telemetry/write/recorder.ts';
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
