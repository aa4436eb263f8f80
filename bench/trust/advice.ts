import { intervalFigures } from '../learning/intervals.ts';
import type { TrustSection } from './section.ts';

/** Advice that is looked at every day, and the intervals beside the numbers. */
export const advice: TrustSection = {
  *figures() {
    yield ['INTERVALS', intervalFigures(2000)];
  },
};
