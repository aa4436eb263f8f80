import Ajv from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRecord } from '../../../source/domain/is-record.ts';
import { configurationJsonSchema } from '../../../source/commands/configuration/json-schema.ts';
import { root } from '../../support/documents.ts';

const shipped: unknown = JSON.parse(readFileSync(join(root, 'schema.json'), 'utf8'));

/** The settings below a schema that no editor could explain. */
function unexplained(schema: unknown, path = ''): string[] {
  if (!isRecord(schema)) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key === 'properties' && isRecord(value)) {
      return Object.entries(value).flatMap(([name, one]) => [
        ...(isRecord(one) && typeof one['description'] === 'string' ? [] : [`${path}.${name}`]),
        ...unexplained(one, `${path}.${name}`),
      ]);
    }
    if (Array.isArray(value)) return value.flatMap((one) => unexplained(one, path));
    return unexplained(value, path);
  });
}

describe('schema.json', () => {
  it('is what npm run schema makes of the schema that reads the file', () => {
    expect(shipped).toEqual(configurationJsonSchema());
  });

  it('explains every setting', () => {
    expect(unexplained(shipped)).toEqual([]);
  });

  it('takes what the program takes, and refuses what it refuses', () => {
    const fits = new Ajv.default({ strict: false }).compile(configurationJsonSchema());
    expect(fits({ routing: { strategy: 'greedy' }, providers: { openai: null } })).toBe(true);
    expect(fits({ models: [{ id: 'm', provider: 'p', price: { input: 0, output: 0 } }] })).toBe(
      true,
    );
    expect(fits({ routing: { strategy: 'random' } })).toBe(false);
    expect(fits({ modles: [] })).toBe(false);
    expect(fits({ providers: { own: { apiKeyEnv: 'not a variable' } } })).toBe(false);
  });
});
