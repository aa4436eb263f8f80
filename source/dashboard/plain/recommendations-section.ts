import type { Insight } from '../../domain/insight.ts';
import { openCount, openFirst } from '../../domain/routes.ts';
import { paceWords } from '../format/index.ts';
import type { TextStyle } from '../theme/text-style.ts';
import { hanging } from './page.ts';

export function recommendationsSection(insight: Insight, style: TextStyle): string[] {
  const { recommendations } = insight;
  if (recommendations.length === 0) {
    return ['RECOMMENDATIONS', '', '  None: the data supports no change.'];
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

/** How many are to be acted on, how many are done, and what a month is. */
export function adviceHeading(insight: Insight): string {
  const { recommendations } = insight;
  const done = recommendations.filter(({ inForce }) => inForce === true).length;
  const hasMoney = recommendations.some(({ monthlySavingsUsd }) => monthlySavingsUsd !== undefined);
  return [
    `${openCount(recommendations)} to act on`,
    ...(done === 0 ? [] : [`${done} done`]),
    ...(hasMoney ? [`a month: ${paceWords(insight)}`] : []),
  ].join(', ');
}
