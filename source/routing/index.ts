export { constantDefaults } from './defaults.ts';
export type { AttemptObservation, RoutableModel } from './model.ts';
export {
  type CellState,
  createProfileStore,
  type Posterior,
  type ProfileStore,
} from './profile-store.ts';
export { routeTask, type RouteRequest } from './route-task.ts';
export { changeMinimum, changeSize, establishedChange, type ScoreSlice } from './change.ts';
export { type LearningSummary, summariseLearning } from './summarise-learning.ts';
