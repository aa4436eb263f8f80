export { constantDefaults } from './defaults.ts';
export { createHierarchicalModel } from './hierarchical-model.ts';
export type { AttemptObservation, RoutableModel } from './model.ts';
export { publicKnowledge } from './public-prior.ts';
export {
  type CellState,
  createProfileStore,
  type ExplorationCounts,
  type Posterior,
  type ProfileStore,
} from './profile-store.ts';
export { route, type Routed, routeTask, type RouteRequest } from './route-task.ts';
export { changeMinimum, changeSize, establishedChange, type ScoreSlice } from './change.ts';
export { type LearningSummary, summariseLearning } from './summarise-learning.ts';
export {
  createJudgeRecord,
  estimateJudges,
  type JudgeRecord,
  type JudgeEffects,
  type JudgeEstimate,
  type JudgementSums,
  type ProviderOf,
  type Subject,
  type SupportCall,
} from './judges/index.ts';
export {
  medianStrength,
  type Panel,
  panelOf,
  type PanelTerms,
  type Supporter,
  supportersFor,
  type SupportRequest,
  strengthOf,
} from './roles/index.ts';
export {
  accountOfExploration,
  type ExplorationAccount,
  explorationWords,
} from './exploration-account.ts';
