export { constantDefaults } from './defaults.ts';
export type { AttemptObservation, RoutableModel } from './model.ts';
export {
  type CellBelief,
  createProfileBook,
  type Posterior,
  type ProfileBook,
} from './profile-book.ts';
export { routeTask, type RouteRequest } from './route-task.ts';
export { changeMinimum, changeSize, establishedChange, type ScoreSlice } from './change.ts';
export { type LearningSummary, summariseLearning } from './summarise-learning.ts';
