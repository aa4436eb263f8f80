import type { TagFilter } from '../../domain/tags.ts';
import { checkServer } from '../postgres/check.ts';
import { scoreColumns } from '../postgres/columns.ts';
import { createConnector, type Session } from '../postgres/connector.ts';
import type { ServerAddress } from '../server-address.ts';
import { recorded } from '../write/columns.ts';
import {
  factOf,
  type FactKind,
  type FactRow,
  type Facts,
  fieldsOf,
  rowKindOf,
} from './fact-rows.ts';
import { createTagging, type TagEntry, tagsAmong, tagWordsSql } from './fact-tags.ts';

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
  const tableOf = (kind: FactKind): string => `${schema}.${recorded[rowKindOf[kind]].table}`;
  /** One of an earlier version has none. */
  const hasTags = async (session: Session): Promise<boolean> => {
    const [[isThere] = [false]] = await session.rows<[boolean]>(
      `SELECT to_regclass('${tableOf('tag')}') IS NOT NULL`,
    );
    if (!isThere) return false;
    const rows = await session.rows(`SELECT 1 FROM ${tableOf('tag')} LIMIT 1`);
    return rows.length > 0;
  };

  return {
    count: (kinds) =>
      connector.use(async (session) => {
        let count = 0;
        for (const kind of kinds) {
          if (kind === 'tag' && !(await hasTags(session))) continue;
          const [[rows] = [0]] = await session.rows<[number]>(
            `SELECT count(*) FROM ${tableOf(kind)}`,
          );
          count += rows;
        }
        return count;
      }),
    isTagged: () => connector.use(hasTags),
    tagWords: (name) =>
      connector.use(async (session) => {
        if (!(await hasTags(session))) return [];
        const rows = await session.rows<[string]>(...tagWordsSql(tableOf('tag'), '$1', name));
        return rows.map(([word]) => word);
      }),
    async *pages(kinds, filter) {
      // Held over all pages, so it is not one action of the connector.
      const ask = <Row extends unknown[]>(sql: string, values: unknown[] = []): Promise<Row[]> =>
        connector.use((session) => session.rows<Row>(sql, values));
      await ask('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const isTagged = await connector.use(hasTags);
      for (const kind of kinds) {
        if (kind === 'tag' && !isTagged) continue;
        yield* pagesOf(ask, { schema, kind, filter, isTagged });
      }
      await ask('COMMIT');
    },
    close: () => connector.close(),
  };
}

type Ask = <Row extends unknown[]>(sql: string, values?: unknown[]) => Promise<Row[]>;

async function* pagesOf(
  ask: Ask,
  {
    schema,
    kind,
    filter,
    isTagged,
  }: { schema: string; kind: FactKind; filter: TagFilter; isTagged: boolean },
): AsyncGenerator<readonly FactRow[]> {
  const { table, columns } = recorded[rowKindOf[kind]];
  const score = scoreColumns[rowKindOf[kind]];
  const names = columns.map(([column]) =>
    column === score ? `CASE WHEN unscored THEN NULL ELSE ${column} END` : column,
  );
  const described = fieldsOf(kind);
  let last: [stamp: number, id: number] = [-1, -1];
  for (;;) {
    const rows = await ask<[number, number, ...(string | number | null)[]]>(
      `SELECT stamp, id, ${names.join(', ')} FROM ${schema}.${table}
       WHERE (stamp, id) > ($1, $2) ORDER BY stamp, id LIMIT ${pageLength}`,
      last,
    );
    const end = rows.at(-1);
    if (end === undefined) return;
    last = [end[0], end[1]];
    const facts = rows.map(([, id, ...values]) => factOf(kind, described, [id, ...values]));
    const tagsOf = isTagged ? await tagsFor(ask, schema, facts) : undefined;
    const tagging = createTagging(tagsOf, filter);
    yield facts.flatMap((fact) => {
      const tagged = tagging(fact);
      return tagged === undefined ? [] : [Object.assign(fact, tagged)];
    });
  }
}

async function tagsFor(ask: Ask, schema: string, facts: readonly FactRow[]) {
  const projects = new Set(facts.map(({ fields }) => fields['projectId']));
  return tagsAmong(
    await ask<TagEntry>(
      `SELECT project_id, task_id, tag_name, tag_value FROM ${schema}.${recorded.tags.table}
       WHERE project_id = ANY ($1::text[]) ORDER BY recorded_at, stamp, id`,
      [[...projects]],
    ),
  );
}
