import type { DecisiveOutcome } from '../../domain/outcome.ts';
import { formatScore } from './numbers.ts';

const ofValue: Readonly<Record<string, readonly [none: string, all: string]>> = {
  person: ['bad', 'good'],
  test: ['failed', 'passed'],
};

/** What somebody found of a result, and who: `you: bad`, `test: passed`, `you: 0.40`. */
export function formatVerdict({
  source,
  value,
}: Pick<DecisiveOutcome, 'source' | 'value'>): string {
  const words = Object.hasOwn(ofValue, source) ? ofValue[source] : undefined;
  const word =
    words === undefined || (value !== 0 && value !== 1) ? formatScore(value) : words[value];
  return `${source === 'person' ? 'you' : source}: ${word}`;
}
