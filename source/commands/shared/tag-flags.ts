import { UsageError } from '../../domain/errors.ts';
import { isTagName, isTagValue, mostTags, type TagFilter } from '../../domain/tags.ts';
import { listFlag } from '../command-line/flag-values.ts';
import type { FlagValues } from '../command-line/specification.ts';

/** Which tags are asked for, of `--tag NAME=VALUE`, or `--tag NAME` for any value. */
export function tagFilter(flags: FlagValues): TagFilter {
  return listFlag(flags, 'tag').map((text) => {
    const [name, value] = split(text);
    return value === undefined ? { name } : { name, value };
  });
}

/** What a run is called by, of `--tag NAME=VALUE`. */
export function tagFlags(flags: FlagValues): Record<string, string> | undefined {
  const given = listFlag(flags, 'tag').map(split);
  if (given.length > mostTags) {
    throw new UsageError(`--tag is given ${given.length} times: give ${mostTags} tags at most.`);
  }
  const tags: Record<string, string> = {};
  for (const [name, value] of given) {
    if (value === undefined) {
      throw new UsageError(`--tag ${name} has no value: write it as --tag ${name}=VALUE.`);
    }
    tags[name] = value;
  }
  return given.length === 0 ? undefined : tags;
}

function split(text: string): [name: string, value: string | undefined] {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const value = at < 0 ? undefined : text.slice(at + 1);
  if (!isTagName(name)) {
    throw new UsageError(
      `--tag ${JSON.stringify(name)} is no name of a tag: use 1 to 64 letters, digits, and _ . : / - behind the first.`,
    );
  }
  if (value !== undefined && !isTagValue(value)) {
    throw new UsageError(
      `--tag ${name} has a value that is none: give one line of 1 to 256 visible characters, as in --tag team=search.`,
    );
  }
  return [name, value];
}
