import { hasHiddenCharacters } from './hidden-characters.ts';

/**
 * What a user calls a task or a run by: `team`, `environment`, the version of a prompt. Of a name, what was
 * said last counts; what is said of a task comes before what is said of its run.
 */
export type Tags = Readonly<Record<string, string | number | boolean>>;

/** One tag as it is recorded: of a task, or of a whole project where `taskId` is null. */
export type TagRow = {
  taskId: string | null;
  tagName: string;
  tagValue: string;
};

/** Tags that one record may bring. */
export const mostTags = 16;
/** Longest value of a tag, in UTF-16 units. */
const longestTagValue = 256;

const tagName = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}$/;

/** Whether a tag may have this name: it stands before `=` on a command line, and in headers of tables. */
export const isTagName = (value: unknown): value is string =>
  typeof value === 'string' && tagName.test(value);

/** Whether a tag may have this value: one line of text in which everything can be seen. */
export const isTagValue = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= longestTagValue &&
  value.isWellFormed() &&
  !hasHiddenCharacters(value);

/** The tags of a record as texts by their names; undefined where one of them cannot be a tag, or they are too many. */
export function readTags(given: unknown): [name: string, value: string][] | undefined {
  // A map or a list has its content elsewhere: it would pass for no tags at all.
  if (Object.prototype.toString.call(given) !== '[object Object]') return undefined;
  const tags: [string, string][] = [];
  for (const [name, value] of Object.entries(given ?? {})) {
    // Left out, as in `{team: user.team}` of a user without one.
    if (value === undefined || value === null) continue;
    const isPlain =
      typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
    const text: unknown = isPlain ? String(value) : value;
    if (!isTagName(name) || !isTagValue(text)) return undefined;
    tags.push([name, text]);
  }
  return tags.length > mostTags ? undefined : tags;
}

/** A condition on tags: all of these names, with the value where one is asked for. */
export type TagFilter = readonly { name: string; value?: string }[];

/** Whether tags meet all conditions; what meets none of none is everything. */
export function hasTags(tags: ReadonlyMap<string, string>, filter: TagFilter): boolean {
  return filter.every(({ name, value }) =>
    value === undefined ? tags.has(name) : tags.get(name) === value,
  );
}
