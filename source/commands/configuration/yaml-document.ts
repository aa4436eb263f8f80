import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { core, ZodType } from 'zod';
import { OrchestratorError } from '../../domain/errors.ts';

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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const fail = (offset: number, problem: string, cause?: unknown): OrchestratorError => {
    const { line, col } = lines.linePos(offset);
    return new OrchestratorError(code, `${file}:${line}:${col}: ${problem}`, { cause });
  };

  const [broken] = document.errors;
  if (broken !== undefined) {
    const problem = broken.message.replace(/\.$/, '');
    throw fail(broken.pos[0], `This is not valid YAML (${problem}): correct it there.`, broken);
  }
  let content: unknown;
  try {
    // An empty file is a file without settings.
    content = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    throw fail(0, 'Its aliases expand without end: write the values out.', error);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  // A misspelt setting is often why another is missing.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue === undefined) throw parsed.error;
  throw fail(offsetOf(document, issue), sentenceOf(issue, schema), parsed.error);
}

function offsetOf(document: Document, issue: core.$ZodIssue): number {
  const path = [...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const map = path.length === 0 ? document.contents : document.getIn(path, true);
    const pair = isMap(map)
      ? map.items.find(({ key }) => isScalar(key) && String(key.value) === issue.keys[0])
      : undefined;
    if (isNode(pair?.key)) return pair.key.range?.[0] ?? 0;
  }
  // What is missing has no place of its own: that of what it is missing from.
  while (path.length > 0) {
    const node = document.getIn(path, true);
    if (isNode(node)) return node.range?.[0] ?? 0;
    path.pop();
  }
  return document.contents?.range?.[0] ?? 0;
}

function sentenceOf(issue: core.$ZodIssue, schema: ZodType): string {
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const keys = keysAt(schema, issue.path);
    const known = keys.length === 0 ? 'remove it' : `use one of ${keys.join(', ')}`;
    const where = place === '' ? '' : ` in ${place}`;
    return `There is no setting ${JSON.stringify(issue.keys[0])}${where}: ${known}.`;
  }
  if (issue.code === 'custom') return issue.message;
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

function unwrapped(schema: unknown): unknown {
  let inner = schema;
  while (isRecord(inner) && isRecord(inner['def']) && 'innerType' in inner['def']) {
    inner = inner['def']['innerType'];
  }
  return inner;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
