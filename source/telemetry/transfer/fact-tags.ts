import type { Database } from 'better-sqlite3';
import { hasTags, type TagFilter } from '../../domain/tags.ts';
import { hasFactTable } from '../database/fact-tables.ts';

/** The tags that hold for a task, those of its run included; of a run alone without a task. */
type TagsOf = (projectId: string, taskId: string | null) => ReadonlyMap<string, string>;

const none: ReadonlyMap<string, string> = new Map();

/** The kinds whose lines carry their tags; of the others they are only asked. */
const carrying: ReadonlySet<string> = new Set(['task', 'call']);

type Tagged = { kind: string; fields: Readonly<Record<string, unknown>> };

/** What an export hands on of a fact: nothing where it does not meet the filter, else its tags. */
export function createTagging(
  tagsOf: TagsOf | undefined,
  filter: TagFilter,
): (fact: Tagged) => { tags?: ReadonlyMap<string, string> } | undefined {
  const untagged = filter.length === 0 ? {} : undefined;
  if (tagsOf === undefined) return () => untagged;
  return ({ kind, fields }) => {
    const { projectId, taskId } = fields;
    if (typeof projectId !== 'string') return untagged;
    const tags = tagsOf(projectId, typeof taskId === 'string' ? taskId : null);
    if (!hasTags(tags, filter)) return undefined;
    return carrying.has(kind) && tags.size > 0 ? { tags } : {};
  };
}

/** The tags of a file; undefined where nothing is tagged. */
export function tagsInFile(connection: Database): TagsOf | undefined {
  if (!hasFactTable(connection, 'task_tags')) return undefined;
  if (connection.prepare('SELECT 1 FROM task_tags LIMIT 1').get() === undefined) return undefined;
  const select = connection
    .prepare<[string, string | null], [string, string]>(
      `SELECT tag_name, tag_value FROM task_tags WHERE project_id = ? AND task_id IS ?
       ORDER BY recorded_at, id`,
    )
    .raw();
  let project: { id: string; tags: ReadonlyMap<string, string> } | undefined;
  return (projectId, taskId) => {
    // Rows of a run lie together.
    if (project?.id !== projectId) {
      project = { id: projectId, tags: new Map(select.all(projectId, null)) };
    }
    if (taskId === null) return project.tags;
    const own = select.all(projectId, taskId);
    return own.length === 0 ? project.tags : new Map([...project.tags, ...own]);
  };
}

/** What lists the names of tags, or the values of one name; `parameter` is how the engine writes its first. */
export const tagWordsSql = (
  table: string,
  parameter: string,
  name: string | undefined,
): [sql: string, values: string[]] =>
  name === undefined
    ? [`SELECT DISTINCT tag_name FROM ${table} ORDER BY 1`, []]
    : [`SELECT DISTINCT tag_value FROM ${table} WHERE tag_name = ${parameter} ORDER BY 1`, [name]];

/** Rows of tags in the order in which they were said: later ones count. */
export type TagEntry = [projectId: string, taskId: string | null, name: string, value: string];

const place = (projectId: string, taskId: string | null): string =>
  JSON.stringify([projectId, taskId]);

export function tagsAmong(rows: readonly TagEntry[]): TagsOf {
  const byPlace = new Map<string, Map<string, string>>();
  for (const [projectId, taskId, name, value] of rows) {
    const key = place(projectId, taskId);
    byPlace.set(key, (byPlace.get(key) ?? new Map<string, string>()).set(name, value));
  }
  return (projectId, taskId) => {
    const shared = byPlace.get(place(projectId, null)) ?? none;
    const own = taskId === null ? undefined : byPlace.get(place(projectId, taskId));
    return own === undefined ? shared : new Map([...shared, ...own]);
  };
}
