/// <reference lib="esnext.disposable" preserve="true" />
/** The library: what the commands use. */
export { openTelemetryStore } from './telemetry/store.ts';
export type { StoreOptions, TelemetryStore } from './telemetry/store.ts';
export type { StoreStatistics } from './telemetry/write/recorder.ts';
export { explain, type CandidateModel, type ExplainOptions } from './library/explain.ts';
export {
  resumeProject,
  runProject,
  type ProjectOutcome,
  type ProjectTask,
  type RunLimits,
  type RunMeans,
  type RunProjectOptions,
} from './library/run-project.ts';
export { replay, type ReplayOptions } from './library/replay.ts';
export { loadConfiguration, type ConfigurationOptions } from './library/configuration.ts';
export { dashboardText, type DashboardTextOptions } from './library/dashboard.ts';
export { routeTask, type RouteRequest } from './routing/route-task.ts';
export { createProfileStore, type ProfileStore } from './routing/profile-store.ts';
export type { AttemptObservation, RoutableModel } from './routing/model.ts';
export { OrchestratorError, TelemetryError, type TelemetryErrorCode } from './domain/errors.ts';
export type { Configuration } from './commands/configuration/configuration.ts';
export type { ReplayOutcome } from './commands/replay/render.ts';
export type { ReplayedRun } from './commands/replay/simulate.ts';
export type { References } from './commands/replay/references.ts';
export type {
  ModelSettings,
  ProviderKind,
  ProviderSettings,
  ProvidersSettings,
  TokenPrice,
} from './providers/settings.ts';
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
export type { CallRole, ModelCall, RecordedCall, ResultOutcome } from './domain/model-call.ts';
export type { Policy, RoutingSettings, RoutingStrategy } from './domain/policy.ts';
export type {
  CandidateAssessment,
  ExclusionReason,
  RoutingDecision,
} from './domain/routing-decision.ts';
export type { RunEvent, RunStatus, TaskSpec } from './domain/run-event.ts';
export type { Clock, Random } from './domain/runtime.ts';
export type {
  NamedTaskResult,
  RecordedTokens,
  TaskRecord,
  TaskResult,
} from './domain/task-result.ts';
export type { Tags } from './domain/tags.ts';
export type { TaskType } from './domain/task-type.ts';
