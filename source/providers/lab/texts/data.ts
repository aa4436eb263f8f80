import type { Random } from '../../../domain/runtime.ts';
import { pick } from '../dice.ts';
import { subjectOf } from './subject.ts';

/** A JSON value about what the task is about; with `malformed`, one that does not parse. */
export function dataText(options: {
  instructions: string;
  random: Random;
  seal: string;
  malformed: boolean;
  paragraphs: number;
}): string {
  const { instructions, random, seal, malformed, paragraphs } = options;
  const { title, words } = subjectOf(instructions);
  const value = {
    source: 'simulated',
    subject: title,
    items: Array.from({ length: 2 + paragraphs }, (_, index) => ({
      name: words[index % Math.max(1, words.length)] ?? `item ${index + 1}`,
      status: pick(random, ['open', 'done', 'unclear', 'planned']),
      amount: random() < 0.15 ? null : Math.round(random() * 10_000) / 100,
    })),
    reference: seal,
  };
  const json = JSON.stringify(value, null, 2);
  return malformed ? `${json.slice(0, -1)},` : json;
}
