import type { TrustSection } from './section.ts';

export const advice: TrustSection = {
  figures: () => [],
};
