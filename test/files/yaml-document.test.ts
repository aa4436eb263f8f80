import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { firstIssue, parseYaml } from '../../source/files/yaml-document.ts';

const read = (text: string) =>
  parseYaml(text, 'f.yaml', ({ kind, place, cause }) => new Error(`${kind} ${place}`, { cause }));

const text = `name: A
list:
  - {id: one, size: 1}
  - id: two
    size: 2
`;

describe('a YAML document', () => {
  it('knows where its values and its keys stand', () => {
    const document = read(text);
    expect(document.content).toEqual({
      name: 'A',
      list: [
        { id: 'one', size: 1 },
        { id: 'two', size: 2 },
      ],
    });
    expect(document.placeOf(['name'])).toBe('f.yaml:1:7');
    expect(document.placeOf(['list', 1, 'size'])).toBe('f.yaml:5:11');
    expect(document.placeOfKey(['list', 1], 'size')).toBe('f.yaml:5:5');
    expect(document.placeOfKey([], 'list')).toBe('f.yaml:2:1');
  });

  it('refuses keys that come to the same name', () => {
    expect(() => read('a: {1: x, "1": y}')).toThrow('syntax f.yaml:1:11');
    expect(() => read('{true: x, "true": y}')).toThrow('syntax f.yaml:1:11');
  });

  it('takes what is missing to be where the nearest above it is', () => {
    const document = read(text);
    expect(document.placeOf(['list', 0, 'price', 'high'])).toBe('f.yaml:3:5');
    expect(document.placeOfKey(['list', 0], 'price')).toBe('f.yaml:3:5');
    expect(document.placeOf(['nothing'])).toBe('f.yaml:1:1');
    expect(read('').placeOf([])).toBe('f.yaml:1:1');
    expect(read('').content).toBeNull();
  });

  it('names the first mistake with its kind and place', () => {
    expect(() => read('a: 1\nb: [')).toThrow(/^syntax f\.yaml:2:\d+$/);
    const levels = Array.from({ length: 8 }, (_, level) => {
      const inner = level === 0 ? '1' : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array.from({ length: 9 }, () => inner).join(', ')}]`;
    });
    expect(() => read(levels.join('\n'))).toThrow('aliases f.yaml:1:1');
  });
});

describe('of several issues', () => {
  it('a misspelt key goes first, since it is what is there to be mended', () => {
    const { error } = z.strictObject({ budget: z.number() }).safeParse({ budgets: 1 });
    expect(error && firstIssue(error)).toMatchObject({ keys: ['budgets'] });
  });
});
