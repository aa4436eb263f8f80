export {
  addressVariable,
  isServerAddress,
  problemOfPlace,
  readServerAddress,
  serverAddress,
  withHashedIds,
} from './address/server-address.ts';
export { idHiderFor, type IdHider } from './address/hidden-ids.ts';
export { historyStatus, type HistoryStatus } from './history-status.ts';
export { inTime } from './shared/kept-history.ts';
export { openInsightReader } from './insight-reader.ts';
export { createHistoryReader, readHistoryApart, readRunApart } from './read-history.ts';
export { rollupsPathOf } from './sqlite/rollups.ts';
export { openServerReader, readServerOnce, type ServerReader } from './shared/server-reader.ts';
export { readSharedRuns, type SharedRuns } from './shared/shared-runs.ts';
export { waitingRecords } from './write/spool.ts';
export { openTelemetryStore, showRun, type StoreOptions, type TelemetryStore } from './store.ts';
export type { StoreStatistics } from './write/recorder.ts';
export { pairedInterval } from './statistics/index.ts';
