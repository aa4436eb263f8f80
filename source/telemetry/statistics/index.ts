export { compare, type Comparison, rateMoments } from './comparison.ts';
export { holm } from './holm.ts';
export {
  effectiveSampleSize,
  type Interval,
  isAllOrNothing,
  qualityInterval,
  wilsonInterval,
} from './interval.ts';
export { normalUpperTail } from '../../domain/normal.ts';
export { normalQuantile } from './normal.ts';
export { incompleteBeta, studentQuantile, studentUpperTail } from './student.ts';
