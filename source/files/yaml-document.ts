import { isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { ZodError, core } from 'zod';

/** A YAML text that was read, with where everything in it stands. Places read `file:line:column`. */
export type YamlDocument = {
  /** Null of an empty text. */
  content: unknown;
  /** Where the value at a path stands; where it is missing, the nearest above it. */
  placeOf(path: readonly PropertyKey[]): string;
  /** The number at a path as it is written: `1.10` is no `1.1` where it is a name. */
  writtenAt(path: readonly PropertyKey[]): string | undefined;
  /** Where a key stands in the map at a path; without it, where the map does. */
  placeOfKey(path: readonly PropertyKey[], key: string): string;
};

/** Why a text is no YAML, or none that can be used: its aliases expand without end, or lead in a circle. */
export type YamlMistake = {
  kind: 'syntax' | 'aliases';
  place: string;
  cause: Error;
};

/** Reads a text; `file` is how the user knows it. Throws what `mistaken` makes of the first mistake. */
export function parseYaml(
  text: string,
  file: string,
  mistaken: (mistake: YamlMistake) => Error,
): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    // It compares each key with every other, which takes minutes for tens of thousands: see below.
    uniqueKeys: false,
    // Else odd keys would be reported on stderr.
    logLevel: 'error',
  });
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`;
  };
  const nodeAt = (path: readonly PropertyKey[]): unknown =>
    path.length === 0 ? document.contents : document.getIn(path, true);

  const placeOf = (path: readonly PropertyKey[]): string => {
    for (let { length } = path; length > 0; length -= 1) {
      const node = nodeAt(path.slice(0, length));
      if (isNode(node)) return placeAt(node.range?.[0] ?? 0);
    }
    return placeAt(document.contents?.range?.[0] ?? 0);
  };

  const [broken] = document.errors;
  if (broken !== undefined) {
    throw mistaken({
      kind: 'syntax',
      place: placeAt(broken.pos[0]),
      cause: new Error(plainReason(broken.message), { cause: broken }),
    });
  }
  const twice = duplicateKeyIn(document);
  if (twice !== undefined) {
    const cause = new Error(`the key ${twice.key} is there twice`);
    throw mistaken({ kind: 'syntax', place: placeAt(twice.offset), cause });
  }
  return {
    content: contentOf(() => document.toJS({ maxAliasCount: 100 }), placeAt(0), mistaken),
    placeOf,
    writtenAt(path) {
      const node = nodeAt(path);
      return isScalar(node) && typeof node.value === 'number' ? node.source : undefined;
    },
    placeOfKey(path, key) {
      const map = nodeAt(path);
      const pair = isMap(map)
        ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
        : undefined;
      return isNode(pair?.key) ? placeAt(pair.key.range?.[0] ?? 0) : placeOf(path);
    },
  };
}

function contentOf(
  expand: () => unknown,
  place: string,
  mistaken: (mistake: YamlMistake) => Error,
): unknown {
  try {
    const content = expand();
    if (!isCircular(content)) return content;
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    if (cause.message.startsWith('Excessive alias count')) {
      throw mistaken({ kind: 'aliases', place, cause });
    }
    throw mistaken({
      kind: 'syntax',
      place,
      cause: new Error(plainReason(cause.message), { cause }),
    });
  }
  throw mistaken({ kind: 'aliases', place, cause: new Error('An alias leads back to itself') });
}

/** What the parser says, without what only its author needs. */
function plainReason(message: string): string {
  if (message.includes('call stack')) return 'it is nested too deeply';
  if (message.startsWith('Source contains multiple documents')) return 'it holds several documents';
  return message;
}

/** The first key that a map holds twice: which of the two counts is nothing to guess. */
function duplicateKeyIn(document: Document): { key: string; offset: number } | undefined {
  let found: { key: string; offset: number } | undefined;
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) {
          found = { key: name, offset: key.range?.[0] ?? 0 };
          return visit.BREAK;
        }
        seen.add(name);
      }
      return undefined;
    },
  });
  return found;
}

function isCircular(content: unknown): boolean {
  const within = new Set<unknown>();
  const done = new Set<unknown>();
  const visitValue = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null || done.has(value)) return false;
    if (within.has(value)) return true;
    within.add(value);
    const circular = Object.values(value).some(visitValue);
    within.delete(value);
    done.add(value);
    return circular;
  };
  return visitValue(content);
}

/**
 * The issue to report of several: a misspelt key is also missing under its right name, and the one that is
 * there is what to mend.
 */
export function firstIssue({ issues }: ZodError): core.$ZodIssue | undefined {
  return issues.flatMap(withinUnion).find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
}

/** Those of what a value may be instead as well, at their places. */
function withinUnion(issue: core.$ZodIssue): core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  return issue.errors
    .flat()
    .flatMap((inner) => withinUnion({ ...inner, path: [...issue.path, ...inner.path] }));
}
