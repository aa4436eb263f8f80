import type { Insight } from '../../domain/insight.ts';
import { rankings as columns } from '../tables/rankings.ts';
import { plainLines } from '../tables/texts.ts';
import type { TextStyle } from '../theme/text-style.ts';

export function rankingsSection({ rankings, window }: Insight, style: TextStyle): string[] {
  if (rankings.length === 0) return ['MODEL RANKINGS', '', '  No calls in this window.'];
  const { HOT, WARM, COLD } = style.glyphs.confidence;
  return [
    'MODEL RANKINGS  (value = quality per dollar, per thousand calls)',
    '',
    ...plainLines(columns, rankings, style, window).map((line) => `  ${line}`),
    '',
    `  ${HOT} HOT ${style.sign('≥')}50 calls (full historical weight)`,
    `  ${WARM} WARM 10${style.sign('–')}49 calls (40% blend)`,
    `  ${COLD} COLD <10 calls (defaults only)`,
  ];
}
