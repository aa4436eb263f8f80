export { OrchestratorError, TelemetryError, type TelemetryErrorCode } from './domain/errors.ts';
export type { TaskResult } from './domain/task-result.ts';
export type { HistoricalProfile, ModelProfile } from './domain/profile.ts';
