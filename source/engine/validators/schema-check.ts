import type { ValidateFunction } from 'ajv';
import { messageOf } from '../../domain/errors.ts';

const compiled = new WeakMap<object, ValidateFunction | string>();

/** What a JSON Schema says is wrong with a value, one sentence each; drafts 7 and 2020-12. */
export async function schemaProblems(
  schema: Record<string, unknown>,
  value: unknown,
): Promise<string[]> {
  const validate = await compile(schema);
  if (typeof validate === 'string') return [`the schema is not usable: ${validate}`];
  if (validate(value)) return [];
  return (validate.errors ?? [])
    .slice(0, 8)
    .map(({ instancePath, message }) => `${instancePath || 'the value'} ${message ?? 'is wrong'}`);
}

async function compile(schema: Record<string, unknown>): Promise<ValidateFunction | string> {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const { $schema } = schema;
  const isDraft7 = typeof $schema === 'string' && $schema.includes('draft-07');
  // Loaded only where a schema is checked.
  const Ajv = isDraft7 ? (await import('ajv')).Ajv : (await import('ajv/dist/2020.js')).Ajv2020;
  let result: ValidateFunction | string;
  try {
    result = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  } catch (error) {
    result = messageOf(error);
  }
  compiled.set(schema, result);
  return result;
}
