import type { Random } from '../../../domain/runtime.ts';
import { pick } from '../rng.ts';
import type { Requirements } from './requirements.ts';
import { valueFor } from './schema-value.ts';
import { subjectOf } from './subject.ts';

/** A JSON value about what the task is about; with `malformed`, one that does not parse. */
export function dataText(options: {
  instructions: string;
  random: Random;
  token: string;
  malformed: boolean;
  paragraphs: number;
  requirements: Requirements;
}): string {
  const { instructions, random, token, malformed, requirements } = options;
  const { schema } = requirements;
  const { words } = subjectOf(instructions);
  const value =
    schema === undefined ? freeValue(options) : valueFor(schema, { random, words, token });
  const json = JSON.stringify(value, null, 2);
  return malformed ? `${json.slice(0, -1)},` : json;
}

function freeValue(options: {
  instructions: string;
  random: Random;
  token: string;
  paragraphs: number;
  requirements: Requirements;
}) {
  const { instructions, random, token, paragraphs, requirements } = options;
  const { title, words } = subjectOf(instructions);
  return {
    source: 'simulated',
    subject: title,
    items: Array.from({ length: 2 + paragraphs }, (_, index) => ({
      name: words[index % Math.max(1, words.length)] ?? `item ${index + 1}`,
      status: pick(random, ['open', 'done', 'unclear', 'planned']),
      amount: random() < 0.15 ? null : Math.round(random() * 10_000) / 100,
    })),
    ...(requirements.contains.length === 0 ? {} : { notes: requirements.contains }),
    reference: token,
  };
}
