import type { Cells } from '../sums/fact-rows.ts';
import type { Session } from './connector.ts';
import type { Frontier } from './frontier.ts';
import {
  createUnpacking,
  type DayPart,
  joined,
  type KeptSums,
  layoutName,
  type Runs,
  type Unit,
} from './packed-sums.ts';
import type { RollState } from './runs.ts';

/** What the sums of this program's layout are of; undefined before the first of them. */
export async function rollStateOf(
  session: Session,
  schema: string,
): Promise<RollState | undefined> {
  const [row] = await session.rows<[number, string[], RollState['open']]>(
    `SELECT before, pending::text[], open FROM ${schema}.roll_state WHERE layout = $1 AND before > 0`,
    [layoutName],
  );
  if (row === undefined) return undefined;
  return { before: row[0], pending: row[1].map(Number), open: row[2] };
}

/** What there is at one moment. */
export type HistoryMoment = {
  frontier: Frontier;
  kept: RollState | undefined;
  /** Whether anything came after the kept sums. */
  hasTail: boolean;
  /** Whether anything was found of any result. */
  hasOutcomes: boolean;
  /** Sums of earlier times cannot be made anew: their rows were dropped. */
  droppedBefore: number;
  /** The number of the last page; 0 where there is none. */
  page: number;
};

type MomentRow = [
  before: number,
  pending: string[],
  droppedBefore: number,
  keptBefore: number | null,
  keptPending: string[] | null,
  open: RollState['open'] | null,
  hasTail: boolean,
  hasOutcomes: boolean,
  page: number,
];

export async function momentOf(
  session: Session,
  schema: string,
  hasPages: boolean,
): Promise<HistoryMoment> {
  const page = hasPages ? `(SELECT coalesce(max(number), 0) FROM ${schema}.news_pages)` : '0';
  const [row] = await session.rows<MomentRow>(
    `SELECT pg_snapshot_xmax(s)::text::bigint + base,
       ARRAY(SELECT (x::text::bigint + base)::text FROM pg_snapshot_xip(s) x), dropped_before,
       r.before, r.pending::text[], r.open, EXISTS (SELECT FROM ${schema}.batches
         WHERE stamp >= coalesce(r.before, 0) OR stamp = ANY (r.pending)),
       EXISTS (SELECT FROM ${schema}.outcomes), ${page}
     FROM pg_current_snapshot() s CROSS JOIN ${schema}.installation
       LEFT JOIN ${schema}.roll_state r ON r.layout = $1 AND r.before > 0 WHERE ${schema}.guard()`,
    [layoutName],
  );
  if (row === undefined) throw new Error('a history without its installation');
  const [
    before,
    pending,
    droppedBefore,
    keptBefore,
    keptPending,
    open,
    hasTail,
    hasOutcomes,
    number,
  ] = row;
  return {
    frontier: { before, pending: pending.map(Number) },
    kept:
      keptBefore === null
        ? undefined
        : { before: keptBefore, pending: (keptPending ?? []).map(Number), open: open ?? {} },
    hasTail,
    hasOutcomes,
    droppedBefore,
    page: number,
  };
}

/** What to read of kept sums, and where runs of a day come from that are not read. */
export type SumsWanted = {
  schema: string;
  cells: Cells;
  units: readonly Unit[];
  /** Whether sums weighted by age are wanted. */
  aged: boolean;
  runsOf?: (day: number) => Runs;
};

/** Sums that are kept, of those that a condition on `unit` and `start` chooses, which has no parameters. */
export async function keptSums(
  session: Session,
  { schema, cells, units, aged, runsOf = () => new Map() }: SumsWanted,
  condition: string,
): Promise<KeptSums[]> {
  const found = await rowsWhere(session, schema, condition, units);
  const unpack = createUnpacking(cells);
  const byUnit = Map.groupBy(found, ([unit]) => unit);
  const partsOf = (part: DayPart): Map<number, Buffer> =>
    new Map(byUnit.get(part)?.map(([, start, , bytes]) => [start, bytes]));
  const weighted = partsOf('day aged');
  const withRuns = partsOf('day runs');
  const hours = (byUnit.get('hour') ?? []).map(([, start, rows, bytes]): KeptSums => ({
    unit: 'hour',
    start,
    rows,
    sums: unpack(bytes, aged),
  }));
  const days = (byUnit.get('day') ?? []).map(([, start, rows, bytes]): KeptSums => {
    const [ofAge, ofRuns] = [weighted.get(start), withRuns.get(start)];
    const runs = ofRuns && unpack(ofRuns, false);
    const sums = joined(unpack(bytes, false), ofAge && unpack(ofAge, true).inColumns, {
      runsOf: () => runs?.detail.runs ?? runsOf(start),
      runDigests: runs?.runDigests,
    });
    return { unit: 'day', start, rows, sums };
  });
  return [...hours, ...days];
}

/** The runs of one day that is kept. */
export async function keptRuns(
  session: Session,
  { schema, cells }: Pick<SumsWanted, 'schema' | 'cells'>,
  day: number,
): Promise<Runs> {
  const [row] = await rowsWhere(session, schema, `start = ${day}`, ['day runs']);
  return row === undefined ? new Map() : createUnpacking(cells)(row[3], false).detail.runs;
}

type Row = [unit: Unit, start: number, rows: number, bytes: Buffer];

async function rowsWhere(
  session: Session,
  schema: string,
  condition: string,
  units: readonly Unit[],
): Promise<Row[]> {
  const rows = await session.copied(
    `SELECT array_position(ARRAY[${units.map((unit) => `'${unit}'`).join(', ')}], unit), start, rows, sums
     FROM ${schema}.sums WHERE layout = '${layoutName}'
       AND unit IN (${units.map((unit) => `'${unit}'`).join(', ')}) AND ${condition}`,
  );
  return rows.flatMap(([position, start, count, bytes]): Row[] => {
    const unit = units[(position?.readInt32BE() ?? 0) - 1];
    if (unit === undefined || start === undefined || count === undefined || bytes === undefined) {
      return [];
    }
    return [[unit, Number(start.readBigInt64BE()), Number(count.readBigInt64BE()), bytes]];
  });
}
