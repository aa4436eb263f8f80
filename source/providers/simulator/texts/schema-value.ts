import type { Random } from '../../../domain/runtime.ts';
import { ownValue } from '../../../domain/own-value.ts';
import { clamp, pick } from '../rng.ts';
import type { JsonSchema } from './requirements.ts';

/** Deeper than any schema that means something; ends those that refer to themselves. */
const maxDepth = 12;

/**
 * A value that fits a schema, with the score token in the first text that has room for it: a schema without
 * free text leaves no place for one.
 */
export function valueFor(
  schema: JsonSchema,
  options: { random: Random; words: readonly string[]; token: string },
): unknown {
  const { random, words, token } = options;
  let placed = false;

  const textFor = ({ minLength = 0, maxLength = Infinity, format, pattern }: JsonSchema) => {
    if (format !== undefined) return ownValue(formats, format) ?? 'simulated';
    const word = pick(random, [words[0] ?? 'item', ...words.slice(1)]);
    let text = word;
    if (!placed && pattern === undefined && maxLength >= word.length + token.length + 1) {
      placed = true;
      text = `${word} ${token}`;
    }
    return text.padEnd(minLength, '.').slice(0, maxLength);
  };

  const numberFor = ({ minimum = 0, maximum = minimum + 1000, type }: JsonSchema): number => {
    const value = minimum + random() * (maximum - minimum);
    return type === 'integer'
      ? clamp(Math.round(value), Math.ceil(minimum), Math.floor(maximum))
      : clamp(Math.round(value * 100) / 100, minimum, maximum);
  };

  const make = (at: JsonSchema, depth: number): unknown => {
    if (at.const !== undefined) return at.const;
    const [first, ...others] = at.enum ?? [];
    if (at.enum !== undefined) return pick(random, [first, ...others]);
    if (depth > maxDepth) return null;
    const type = at.type ?? (at.properties === undefined ? 'string' : 'object');
    switch (type) {
      case 'object':
        return Object.fromEntries(
          Object.entries(at.properties ?? {}).map(([key, inner]) => [key, make(inner, depth + 1)]),
        );
      case 'array':
        return Array.from({ length: Math.max(at.minItems ?? 0, 2) }, () =>
          make(at.items ?? {}, depth + 1),
        );
      case 'integer':
      case 'number':
        return numberFor(at);
      case 'boolean':
        return random() < 0.5;
      case 'null':
        return null;
      default:
        return textFor(at);
    }
  };
  return make(schema, 0);
}

const formats: Readonly<Record<string, string>> = {
  date: '2026-01-15',
  'date-time': '2026-01-15T12:00:00Z',
  time: '12:00:00Z',
  email: 'simulated@example.org',
  uri: 'https://example.org/simulated',
  uuid: '00000000-0000-4000-8000-000000000000',
};
