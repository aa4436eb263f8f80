import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { ZodError, core } from 'zod';

/** A YAML text that was read, with where everything in it stands. Places read `file:line:column`. */
export type YamlDocument = {
  /** Null of an empty text. */
  content: unknown;
  /** Where the value at a path stands; where it is missing, the nearest above it. */
  placeOf(path: readonly PropertyKey[]): string;
  /** Where a key stands in the map at a path; without it, where the map does. */
  placeOfKey(path: readonly PropertyKey[], key: string): string;
};

/** Why a text is no YAML, or none that can be used: its aliases expand without end. */
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
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
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
    throw mistaken({ kind: 'syntax', place: placeAt(broken.pos[0]), cause: broken });
  }
  return {
    content: contentOf(() => document.toJS({ maxAliasCount: 100 }), placeAt(0), mistaken),
    placeOf,
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
    return expand();
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    throw mistaken({ kind: 'aliases', place, cause });
  }
}

/**
 * The issue to tell of several: a misspelt key is also missing under its right name, and the one that is
 * there is what to mend.
 */
export function firstIssue({ issues }: ZodError): core.$ZodIssue | undefined {
  return issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
}
