export { type Interval, qualityInterval } from './interval.ts';
