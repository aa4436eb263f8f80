import type { Insight } from '../../domain/insight.ts';
import type { TextStyle } from '../theme/text-style.ts';
import { hanging } from './page.ts';

export function recommendationsSection({ recommendations }: Insight, style: TextStyle): string[] {
  if (recommendations.length === 0) {
    return ['RECOMMENDATIONS', '', '  None: the data supports no change.'];
  }
  const paragraphs = recommendations.map(({ message }, index) =>
    hanging(`  [${index + 1}] `, message.split('\n').map(style.name).join('\n')),
  );
  return [
    `RECOMMENDATIONS  (${recommendations.length})`,
    '',
    ...paragraphs.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])),
  ];
}
