export { estimateJudges, type JudgeEffects, type JudgeEstimate, type Subject } from './estimate.ts';
export type { JudgementSums, ProviderOf } from './judgements.ts';
