import type { Confidence } from '../../domain/confidence.ts';
import type { ModelStats } from '../../domain/insight.ts';
import { formatTrendPercent, trendDirection } from '../format/index.ts';
import { styled, type RenderStyle, type Role, type TextSpan } from '../theme/index.ts';

const confidenceRoles: Record<Confidence, Role> = { HOT: 'good', WARM: 'warn', COLD: 'muted' };

export const confidenceMark = (confidence: Confidence, style: RenderStyle): TextSpan =>
  styled(style.glyphs.confidence[confidence], confidenceRoles[confidence]);

export const confidenceSpan = (confidence: Confidence): TextSpan =>
  styled(confidence, confidenceRoles[confidence]);

type Trend = Pick<ModelStats, 'trendPercent' | 'trendIsNoise'>;

const trendRoles = { up: 'good', down: 'bad', flat: 'muted', none: 'muted' } as const;

/** `▲ +8%`, the number right-aligned so that arrows stand in one column; without an arrow where it is noise. */
export function trendSpan({ trendPercent, trendIsNoise }: Trend, style: RenderStyle): TextSpan {
  const direction = trendDirection(trendPercent, trendIsNoise);
  const text = `${style.glyphs.trend[direction]}${formatTrendPercent(trendPercent).padStart(5)}`;
  return styled(text, trendRoles[direction]);
}

/** Of a COLD model, in place of the numbers that compare. */
export const insufficient = 'insufficient data';

/** Where the numbers of a COLD model would stand. */
export const lackSpan = (width: number): TextSpan =>
  styled(width >= insufficient.length ? insufficient : 'insufficient', 'muted');
