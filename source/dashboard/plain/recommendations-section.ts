import type { Insight } from '../../domain/insight.ts';
import { openFirst } from '../../domain/routes.ts';
import { adviceHeading, allFailedSentence, isAllFailed } from '../format/index.ts';
import type { TextStyle } from '../theme/text-style.ts';
import { hanging } from './page.ts';

export function recommendationsSection(insight: Insight, style: TextStyle): string[] {
  const { recommendations } = insight;
  if (recommendations.length === 0) {
    return [
      'RECOMMENDATIONS',
      '',
      ...(isAllFailed(insight)
        ? hanging('  ', allFailedSentence)
        : ['  None: the data supports no change.']),
    ];
  }
  const paragraphs = openFirst(recommendations).map(({ message }, index) =>
    hanging(`  [${index + 1}] `, message.split('\n').map(style.name).join('\n')),
  );
  return [
    `RECOMMENDATIONS  (${adviceHeading(insight)})`,
    '',
    ...paragraphs.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])),
  ];
}
