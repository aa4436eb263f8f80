import type { MatchLogic } from '@pydantic/genai-prices';

/**
 * Whether an entry of the price list is about this very model. The list matches loosely, by how an id
 * begins or what it contains, so a newer or larger model would get the price of the one it is named
 * after. What may follow a known id is its date or its revision.
 */
export function isPriceOf(id: string, entry: { id: string; match: MatchLogic }): boolean {
  const asked = id.toLowerCase();
  const names = [entry.id, ...namesIn(entry.match)].map((name) => name.toLowerCase());
  return names.some(
    (name) =>
      asked === name ||
      (asked.startsWith(name) && isRevision(asked.slice(name.length))) ||
      // A fine-tuned model bears its owner's names behind the one that it was made of.
      (asked.startsWith('ft:') && name.startsWith('ft:') && asked.startsWith(name)),
  );
}

function namesIn(match: MatchLogic): string[] {
  if ('or' in match) return match.or.flatMap(namesIn);
  if ('and' in match) return match.and.flatMap(namesIn);
  if ('equals' in match) return [match.equals];
  return 'starts_with' in match ? [match.starts_with] : [];
}

/** `-20250929`, `-2025-09-29`, `@20250929`, `-0709`, `-09-2026`, `-001`, `-latest`, `-v1:0`, and after one another. */
const revision =
  /^(?:[-@](?:20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|20\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|1[0-2])(?:-20\d{2}|0[1-9]|[12]\d|3[01])|00\d|latest|default)|-v\d(?::\d)?)+$/;

const isRevision = (rest: string): boolean => revision.test(rest);
