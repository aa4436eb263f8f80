import { Ajv, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { messageOf } from '../../domain/errors.ts';
import { parseJson } from '../../domain/parse-json.ts';
import { withoutFence } from './payload.ts';

/** What a JSON Schema says of a text. */
export type SchemaFinding =
  | { kind: 'fits' }
  | { kind: 'not-json' }
  | { kind: 'wrong'; problems: string[] }
  /** Set where the schema is wrong, not the answer. */
  | { kind: 'unusable'; why: string };

/** Errors of a longer text are counted to the first: a million of them would not fit into memory. */
const longestWithAllErrors = 20_000;
const mostProblems = 8;
const longestProblem = 300;

type Compiled = Record<'first' | 'all', ValidateFunction> | string;
const compiled = new Map<string, Compiled>();

/**
 * Drafts 7, 2019-09 and 2020-12, with the formats that they name; others are not checked. May take
 * for ever on a careless `pattern`: ask it where it can be ended.
 */
export function schemaFinding(schema: Record<string, unknown>, text: string): SchemaFinding {
  const validators = compile(schema);
  if (typeof validators === 'string') return { kind: 'unusable', why: validators };
  const value = parseJson(withoutFence(text).code);
  if (value === undefined) return { kind: 'not-json' };
  const validate = validators[text.length > longestWithAllErrors ? 'first' : 'all'];
  try {
    if (validate(value)) return { kind: 'fits' };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return isDeep(value)
      ? { kind: 'wrong', problems: ['the value is nested too deeply'] }
      : { kind: 'unusable', why: 'it refers to itself without end' };
  }
  const problems = (validate.errors ?? [])
    .slice(0, mostProblems)
    .map(({ instancePath, message }) => `${instancePath || 'the value'} ${message ?? 'is wrong'}`)
    .map((problem) => problem.slice(0, longestProblem));
  return { kind: 'wrong', problems };
}

/** Deeper than any schema that does not refer to itself follows a value. */
const deepestValue = 100;

function isDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= deepestValue; depth += 1) {
    level = level.flatMap((one) =>
      typeof one === 'object' && one !== null ? Object.values(one) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
}

function compile(schema: Record<string, unknown>): Compiled {
  const key = JSON.stringify(schema);
  let result = compiled.get(key);
  if (result === undefined) {
    result = compileAnew(schema);
    compiled.set(key, result);
  }
  return result;
}

function compileAnew(schema: Record<string, unknown>): Compiled {
  // An asynchronous schema would answer with a promise, which is nothing that can be said of a value.
  const { $schema, $async: _, ...rest } = schema;
  const Dialect = dialectOf($schema);
  const options: Options = { strict: false, logger: false };
  try {
    return {
      first: formats.default(new Dialect({ ...options, allErrors: false })).compile(rest),
      all: formats.default(new Dialect({ ...options, allErrors: true })).compile(rest),
    };
  } catch (error) {
    return messageOf(error);
  }
}

/** By what `$schema` says, in whatever spelling; without one, the current dialect. */
function dialectOf($schema: unknown): typeof Ajv | typeof Ajv2019 | typeof Ajv2020 {
  if (typeof $schema !== 'string') return Ajv2020;
  if (/draft-0[34567]/.test($schema)) return Ajv;
  return $schema.includes('2019-09') ? Ajv2019 : Ajv2020;
}
