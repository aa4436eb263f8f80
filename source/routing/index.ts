export { constantDefaults } from './defaults.ts';
export { createHierarchicalModel } from './hierarchical-model.ts';
export { type AttemptObservation, type RoutableModel, routableModel } from './model.ts';
export { publicKnowledge } from './public-prior.ts';
export { createProfileStore, type ProfileStore } from './profile-store.ts';
export { route, type Routed, routeTask, type RouteRequest } from './route-task.ts';
export { establishedChange, type ScoreSlice } from './change.ts';
export { summariseLearning } from './summarise-learning.ts';
export {
  createJudgeRecord,
  estimateJudges,
  type JudgeRecord,
  type JudgeEffects,
  type JudgementSums,
  type Subject,
  type SupportCall,
} from './judges/index.ts';
export {
  medianStrength,
  panelOf,
  type Supporter,
  supportersFor,
  type SupportRequest,
  strengthOf,
} from './roles/index.ts';
export { accountOfExploration, explorationWords } from './exploration-account.ts';
