import type { Confidence } from '../../domain/confidence.ts';
import { formatTrendPercent, trendDirection } from '../format/index.ts';
import { span, type Look, type Role, type Span } from '../theme/index.ts';

const confidenceRoles: Record<Confidence, Role> = { HOT: 'good', WARM: 'warn', COLD: 'muted' };

export const confidenceMark = (confidence: Confidence, look: Look): Span =>
  span(look.glyphs.confidence[confidence], confidenceRoles[confidence]);

export const confidenceSpan = (confidence: Confidence): Span =>
  span(confidence, confidenceRoles[confidence]);

const trendRoles = { up: 'good', down: 'bad', flat: 'muted', none: 'muted' } as const;

/** `▲ +8%`, the number right-aligned so that arrows stand in one column. */
export function trendSpan(percent: number | null, look: Look): Span {
  const direction = trendDirection(percent);
  const text = `${look.glyphs.trend[direction]}${formatTrendPercent(percent).padStart(5)}`;
  return span(text, trendRoles[direction]);
}

/** Where the numbers of a COLD model would stand. */
export const lackSpan = (width: number): Span =>
  span(width > 17 ? 'insufficient data' : 'too few calls', 'muted');
