import type { core, ZodType } from 'zod';
import { didYouMean } from '../../domain/closest-name.ts';
import { OrchestratorError } from '../../domain/errors.ts';
import { isRecord } from '../../domain/is-record.ts';
import { firstIssue, parseYaml, type YamlDocument } from '../../files/yaml-document.ts';

/**
 * Reads a YAML text by a schema. Rejects with an {@link OrchestratorError} with the given code that
 * names the place of the first mistake as `file:line:column`.
 */
export function readYaml<Value>(options: {
  text: string;
  /** As the user knows it. */
  file: string;
  schema: ZodType<Value>;
  code: string;
}): Value {
  const { text, file, schema, code } = options;
  const fail = (place: string, problem: string, cause: unknown): OrchestratorError =>
    new OrchestratorError(code, `${place}: ${problem}`, { cause });
  const document = parseYaml(text, file, ({ kind, place, cause }) =>
    kind === 'syntax'
      ? fail(
          place,
          `This is not valid YAML (${cause.message.replace(/\.$/, '')}): correct it there.`,
          cause,
        )
      : fail(place, 'Its aliases expand without end: write the values out.', cause),
  );
  // An empty file is a file without settings.
  const parsed = schema.safeParse(document.content ?? {});
  if (parsed.success) return parsed.data;
  const issue = firstIssue(parsed.error);
  if (issue === undefined) throw parsed.error;
  throw fail(placeOf(document, issue), sentenceOf(issue, schema), parsed.error);
}

function placeOf(document: YamlDocument, issue: core.$ZodIssue): string {
  const [key] = issue.code === 'unrecognized_keys' ? issue.keys : [];
  return key === undefined ? document.placeOf(issue.path) : document.placeOfKey(issue.path, key);
}

function sentenceOf(issue: core.$ZodIssue, schema: ZodType): string {
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const keys = keysAt(schema, issue.path);
    const [key = ''] = issue.keys;
    const known = keys.length === 0 ? 'remove it' : `use one of ${keys.join(', ')}`;
    const where = place === '' ? '' : ` in ${place}`;
    return `There is no setting ${JSON.stringify(key)}${where}${didYouMean(key, keys)}: ${known}.`;
  }
  // What several settings are together is a sentence already; what one value should be is not.
  if (issue.code === 'custom' && !issue.message.startsWith('expected')) return issue.message;
  const what = issue.message.replace(/^Invalid (?:input|option): /, '').replace(/^Too small: /, '');
  return `${place === '' ? 'The file' : place} is not as it should be: ${what}.`;
}

/** The keys that an object within the schema knows. */
function keysAt(schema: ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const key of path) at = stepInto(unwrapped(at), key);
  const object = unwrapped(at);
  return isRecord(object) && isRecord(object['shape']) ? Object.keys(object['shape']) : [];
}

function stepInto(schema: unknown, key: PropertyKey): unknown {
  if (!isRecord(schema)) return undefined;
  if (isRecord(schema['shape'])) return schema['shape'][String(key)];
  return schema['element'] ?? schema['valueType'];
}

/** Without what stands around it; of what may be one of several, the object. */
function unwrapped(schema: unknown): unknown {
  const definition = isRecord(schema) && isRecord(schema['def']) ? schema['def'] : {};
  if ('innerType' in definition) return unwrapped(definition['innerType']);
  if (!Array.isArray(definition['options'])) return schema;
  const options: unknown[] = definition['options'];
  return options.map(unwrapped).find((option) => isRecord(option) && 'shape' in option) ?? schema;
}
