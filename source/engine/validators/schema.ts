import * as z from 'zod';
import { isRecord } from '../../domain/is-record.ts';

/** Checks without settings, which a project file may name by a word alone. */
const plainKinds = ['json', 'javascript', 'typescript', 'python', 'code', 'no-secrets'] as const;

const words = z.union([
  z
    .string()
    .min(1)
    .transform((one) => [one]),
  z.array(z.string().min(1)).min(1),
]);

const known = [...plainKinds, 'json-schema', 'regex', 'contains', 'length', 'command'];

const kinds = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.enum(plainKinds) }),
    z.strictObject({ kind: z.literal('json-schema'), schema: z.record(z.string(), z.unknown()) }),
    z
      .strictObject({
        kind: z.literal('regex'),
        pattern: z.string().min(1),
        flags: z
          .string()
          .regex(/^[dimsuv]*$/, 'flags are of d, i, m, s, u and v')
          .default(''),
      })
      .refine(({ pattern, flags }) => compiles(pattern, flags), {
        message: 'is not a regular expression',
        path: ['pattern'],
      }),
    z.strictObject({ kind: z.literal('contains'), text: words }),
    z
      .strictObject({
        kind: z.literal('length'),
        min: z.int().nonnegative().optional(),
        max: z.int().positive().optional(),
      })
      .refine(({ min, max }) => min !== undefined || max !== undefined, 'length needs min or max'),
    z.strictObject({
      kind: z.literal('command'),
      command: z.union([z.string().min(1), z.array(z.string()).min(1)]),
      timeoutSeconds: z.number().positive().max(3600).default(60),
      home: z.enum(['scratch', 'real']).optional(),
    }),
  ],
  {
    error: ({ code }) =>
      code === 'invalid_union' ? `must be one of ${known.join(', ')}` : undefined,
  },
);

/**
 * One deterministic check of an output. In a project file it is a word (`json`), an object with a
 * `kind`, or the short form `{regex: "^a"}`, `{contains: "x"}`, `{length: {max: 100}}`,
 * `{json-schema: {…}}`, `{command: "npm test", home: real}`.
 *
 * A command is run by the engine; it may come from the user's own project file and nowhere else.
 */
export const validatorSchema = z.preprocess(longForm, kinds);

export type ValidatorSpec = z.infer<typeof kinds>;
export type ValidatorKind = ValidatorSpec['kind'];

function compiles(pattern: string, flags: string): boolean {
  try {
    return new RegExp(pattern, flags) instanceof RegExp;
  } catch {
    return false;
  }
}

/** What the value of a short form is called in the long one. */
const valueNames: Record<string, string> = {
  'json-schema': 'schema',
  regex: 'pattern',
  contains: 'text',
  command: 'command',
};

function longForm(given: unknown): unknown {
  if (typeof given === 'string') return { kind: given };
  if (!isRecord(given) || 'kind' in given) return given;
  if ('type' in given && typeof given['type'] === 'string') {
    const { type, ...rest } = given;
    return { kind: type, ...rest };
  }
  for (const [kind, name] of Object.entries(valueNames)) {
    if (kind in given) {
      const { [kind]: value, ...rest } = given;
      // `{json-schema: {…}}` holds the schema itself, `{regex: {pattern, flags}}` the fields.
      const fields = kind !== 'json-schema' && isRecord(value) ? value : { [name]: value };
      return { kind, ...fields, ...rest };
    }
  }
  if ('length' in given && isRecord(given['length'])) return { kind: 'length', ...given['length'] };
  return given;
}
