import type { Insight, Recommendation } from '../../domain/insight.ts';
import { formatPlural } from '../format/index.ts';
import { hanging, type Pen } from './page.ts';

/** A young history has many cells that need data, and naming each would bury everything else. */
const mostNeedsData = 3;

export function recommendationsSection({ recommendations }: Insight, pen: Pen): string[] {
  if (recommendations.length === 0) {
    return ['RECOMMENDATIONS', '', '  None: the data supports no change.'];
  }
  const needy = recommendations.filter(({ kind }) => kind === 'needs-data');
  const unnamed = new Set<Recommendation>(needy.slice(mostNeedsData));
  const paragraphs = recommendations
    .filter((recommendation) => !unnamed.has(recommendation))
    .map(({ message }, index) =>
      hanging(`  [${index + 1}] `, message.split('\n').map(pen.name).join('\n')),
    );
  if (unnamed.size > 0) {
    paragraphs.push([
      `  and ${formatPlural(unnamed.size, 'more pair')} of model and task type in need of data (--json lists all)`,
    ]);
  }
  return [
    `RECOMMENDATIONS  (${recommendations.length})`,
    '',
    ...paragraphs.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])),
  ];
}
