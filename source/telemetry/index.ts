export {
  addressVariable,
  isServerAddress,
  readServerAddress,
  serverAddress,
} from './server-address.ts';
export { historyStatus, type HistoryStatus } from './history-status.ts';
export { openInsightReader } from './insight-reader.ts';
export { createHistoryReader, readHistoryApart } from './read-history.ts';
export { rollupsPathOf } from './sqlite/rollups.ts';
export { openServerReader, readServerOnce } from './server-reader.ts';
export { waitingRecords } from './write/spool.ts';
export { openTelemetryStore } from './store.ts';
export type { StoreOptions, TelemetryStore } from './store-types.ts';
export type { StoreStatistics } from './write/recorder.ts';
export { pairedInterval } from './statistics/index.ts';
