import { recorded, type RowKind } from '../database/columns.ts';
import type { TagFilter } from '../../domain/tags.ts';
import { checkServer } from '../postgres/check.ts';
import { createConnector, type Session } from '../postgres/connector.ts';
import type { ServerAddress } from '../address/server-address.ts';
import { createTagging, type TagEntry, tagsAmong, tagWordsSql } from './fact-tags.ts';
import {
  type FactKind,
  factOf,
  type FactRow,
  type Facts,
  fieldsOf,
  rowKindOf,
  tableOf,
} from './facts.ts';

/** Rows of one statement. */
const pageLength = 5000;
/** One statement may wait for a busy server so long, in milliseconds. */
const statementMs = 600_000;

/** Opens a history on a server for reading all of it, of one state, one piece at a time. */
export function openServerFacts(address: ServerAddress): Facts {
  const { schema } = address;
  const connector = createConnector({
    address,
    doing: 'reading',
    statementMs,
    // Whoever takes the pieces may be slow, and all are of one transaction.
    idleMs: statementMs,
    check: (session) => checkServer(session, address),
  });
  const tagTable = `${schema}.${recorded.tags.table}`;
  /** One of an earlier version has none. */
  const hasTags = async (session: Session): Promise<boolean> => {
    const [[isThere] = [false]] = await session.rows<[boolean]>(
      `SELECT to_regclass('${tagTable}') IS NOT NULL`,
    );
    if (!isThere) return false;
    const rows = await session.rows(`SELECT 1 FROM ${tagTable} LIMIT 1`);
    return rows.length > 0;
  };

  return {
    count: (kinds) =>
      connector.use(async (session) => {
        let count = 0;
        for (const kind of kinds) {
          if (kind === 'tag' && !(await hasTags(session))) continue;
          const [[rows] = [0]] = await session.rows<[number]>(
            `SELECT count(*) FROM ${schema}.${tableOf(kind).table}`,
          );
          count += rows;
        }
        return count;
      }),
    isTagged: () => connector.use(hasTags),
    tagWords: (name) =>
      connector.use(async (session) => {
        if (!(await hasTags(session))) return [];
        const rows = await session.rows<[string]>(...tagWordsSql(tagTable, '$1', name));
        return rows.map(([word]) => word);
      }),
    async *pages(kinds, filter = []) {
      // Held over all pages, so it is not one action of the connector.
      const { single } = connector;
      await single.rows('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const isTagged = await connector.use(hasTags);
      for (const kind of kinds) {
        if (kind === 'tag' && !isTagged) continue;
        yield* pagesOf(single, { schema, kind, filter, isTagged });
      }
      await single.rows('COMMIT');
    },
    close: () => connector.close(),
  };
}

/** The rows of a kind of a time or later, in the order in which they were recorded: id, then the columns. */
export async function* rowPages(
  session: Session,
  { schema, kind, since = -Infinity }: { schema: string; kind: RowKind; since?: number },
): AsyncGenerator<(string | number | null)[][]> {
  const { table, columns, score } = recorded[kind];
  const names = columns.map(([column]) =>
    column === score ? `CASE WHEN unscored THEN NULL ELSE ${column} END` : column,
  );
  let last: [stamp: number, id: number] = [-1, -1];
  for (;;) {
    const rows = await session.rows<[number, number, ...(string | number | null)[]]>(
      `SELECT stamp, id, ${names.join(', ')} FROM ${schema}.${table}
       WHERE recorded_at >= $1 AND (stamp, id) > ($2, $3) ORDER BY stamp, id LIMIT ${pageLength}`,
      [since, ...last],
    );
    const end = rows.at(-1);
    if (end === undefined) return;
    last = [end[0], end[1]];
    yield rows.map(([, ...row]) => row);
  }
}

async function* pagesOf(
  session: Session,
  {
    schema,
    kind,
    filter,
    isTagged,
  }: { schema: string; kind: FactKind; filter: TagFilter; isTagged: boolean },
): AsyncGenerator<readonly FactRow[]> {
  const described = fieldsOf(kind);
  for await (const rows of rowPages(session, { schema, kind: rowKindOf[kind] })) {
    const facts = rows.map((row) => factOf(kind, described, row));
    const tagging = createTagging(
      isTagged ? await tagsFor(session, schema, facts) : undefined,
      filter,
    );
    yield facts.flatMap((fact) => {
      const tagged = tagging(fact);
      return tagged === undefined ? [] : [Object.assign(fact, tagged)];
    });
  }
}

async function tagsFor(session: Session, schema: string, facts: readonly FactRow[]) {
  const projects = new Set(facts.map(({ fields }) => fields['projectId']));
  return tagsAmong(
    await session.rows<TagEntry>(
      `SELECT project_id, task_id, tag_name, tag_value FROM ${schema}.${recorded.tags.table}
       WHERE project_id = ANY ($1::text[]) ORDER BY recorded_at, stamp, id`,
      [[...projects]],
    ),
  );
}
