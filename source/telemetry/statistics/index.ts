export {
  boundsOfDifference,
  evidenceNeeded,
  logEvidenceAbove,
  logLikelihoodRatio,
} from './evidence.ts';
export {
  type Interval,
  isAllOrNothing,
  normalQuantile,
  qualityInterval,
  rateMoments,
  studentQuantile,
} from './interval.ts';
export { pairedInterval } from './paired.ts';
export { predictionPowered, type SampledOutcomes } from './prediction-powered.ts';
