import type { Insight } from '../../domain/insight.ts';
import { hanging, type Pen } from './page.ts';

export function recommendationsSection({ recommendations }: Insight, pen: Pen): string[] {
  if (recommendations.length === 0) {
    return ['RECOMMENDATIONS', '', '  None: the data supports no change.'];
  }
  const paragraphs = recommendations.map(({ message }, index) =>
    hanging(`  [${index + 1}] `, message.split('\n').map(pen.name).join('\n')),
  );
  return [
    `RECOMMENDATIONS  (${recommendations.length})`,
    '',
    ...paragraphs.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])),
  ];
}
