export { estimateJudges, type JudgeEffects, type JudgeEstimate, type Subject } from './estimate.ts';
export { createJudgeRecord, type JudgeRecord, type SupportCall } from './record.ts';
export type { JudgementSums, ProviderOf } from './judgements.ts';
