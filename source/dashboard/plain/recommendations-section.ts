import type { Insight } from '../../domain/insight.ts';
import { formatPlural, namedRecommendations } from '../format/index.ts';
import type { TextStyle } from '../theme/text-style.ts';
import { hanging } from './page.ts';

export function recommendationsSection({ recommendations }: Insight, style: TextStyle): string[] {
  if (recommendations.length === 0) {
    return ['RECOMMENDATIONS', '', '  None: the data supports no change.'];
  }
  const { named, unnamed } = namedRecommendations(recommendations);
  const paragraphs = named.map(({ message }, index) =>
    hanging(`  [${index + 1}] `, message.split('\n').map(style.name).join('\n')),
  );
  if (unnamed > 0) {
    paragraphs.push([
      `  and ${formatPlural(unnamed, 'more pair')} of model and task type in need of data (--json lists all)`,
    ]);
  }
  return [
    `RECOMMENDATIONS  (${recommendations.length})`,
    '',
    ...paragraphs.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])),
  ];
}
