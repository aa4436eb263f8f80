export { compare, type Comparison, rateMoments } from './comparison.ts';
export { holm } from './holm.ts';
export {
  effectiveSampleSize,
  type Interval,
  isAllOrNothing,
  qualityInterval,
  wilsonInterval,
} from './interval.ts';
export { normalQuantile, normalTail } from './normal.ts';
export { incompleteBeta, studentQuantile, studentTail } from './student.ts';
