import { createHash } from 'node:crypto';
import type { Cells } from '../sums/fact-rows.ts';
import { cellsOf, decodePeriod, encodePeriod, type KeptPeriod, layout } from '../sums/codec.ts';
import { type Detail, noDetail, type RunDigests, runDigests } from '../sums/detail.ts';
import { plainWidth } from '../sums/fields.ts';
import { emptyPeriod, type InColumns, type PeriodSums } from '../sums/period.ts';
import type { Session } from './connector.ts';
import type { Frontier } from './frontier.ts';
import type { RollState } from './runs.ts';

/**
 * What of a day lies apart: its sums, those of them that are weighted by age, and its runs, which are most of
 * it where there are many. Few readers want all of it.
 */
type DayPart = 'day' | 'day aged' | 'day runs';
export type Unit = 'hour' | DayPart;
export const dayParts: readonly DayPart[] = ['day', 'day aged', 'day runs'];

export type KeptSums = { unit: 'hour' | 'day'; start: number; rows: number; sums: PeriodSums };
type Runs = Detail['runs'];

/** Programs whose sums differ keep theirs beside one another: a fleet is not updated in one moment. */
export const layoutName = createHash('sha256')
  .update(`days in parts, runs counted, ${layout}`)
  .digest('hex')
  .slice(0, 16);

/** The numbers of a period, and where its bytes begin. */
type Header = { values: Record<string, unknown>; bytes: [string, number][] };
type CellNames = [model: string, taskType: string][];

/** What sums are kept as. */
export function packed({ unit, sums }: KeptSums, cells: Cells): [Unit, Buffer][] {
  if (unit === 'hour') return [[unit, packSums(sums, cells)]];
  const { detail, firstAt, lastAt } = sums;
  const nothing = { ...emptyPeriod(true), firstAt, lastAt };
  const fieldsOf = (isKept: (field: number) => boolean): PeriodSums['cells'] => {
    const kept = Array.from(sums.cells, ([cell, ofCell]): [number, number[]] => [
      cell,
      ofCell.map((sum, field) => (isKept(field) ? sum : 0)),
    ]);
    return new Map(kept);
  };
  const parts: Record<DayPart, PeriodSums> = {
    day: {
      ...sums,
      cells: fieldsOf((field) => field < plainWidth),
      detail: { ...detail, runs: new Map() },
    },
    'day aged': { ...nothing, cells: fieldsOf((field) => field >= plainWidth) },
    'day runs': { ...nothing, detail: { ...noDetail(), runs: detail.runs } },
  };
  return dayParts.map((part) => [part, packSums(parts[part], cells)]);
}

/** Two lengths, and a digest of the names. */
const beginning = 16;

/** A period as one piece of bytes that says itself what it is of. */
function packSums(sums: PeriodSums, cells: Cells): Buffer {
  // In one order, so that most days have the same names.
  const named = Array.from(sums.cells.keys(), (cell) => {
    const { model, taskType } = cells.of(cell);
    return { cell, model, taskType, name: `${model}\0${taskType}` };
  }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const numbers = new Map(named.map(({ cell }, number) => [cell, number]));
  const kept = encodePeriod(sums, (cell) => numbers.get(cell) ?? -1);
  const header: Header = { values: {}, bytes: [] };
  const parts: Uint8Array[] = [];
  const digests = new Uint8Array(runDigests(sums.detail.runs).buffer);
  for (const [name, value] of Object.entries({
    digests,
    ...kept,
    names: Buffer.from(kept.names),
  })) {
    if (value instanceof Uint8Array) {
      header.bytes.push([name, value.length]);
      parts.push(value);
    } else header.values[name] = value;
  }
  const cellNames: CellNames = named.map(({ model, taskType }) => [model, taskType]);
  const names = Buffer.from(JSON.stringify(cellNames));
  const text = Buffer.from(JSON.stringify(header));
  // What follows lies where doubles may.
  const padding = (8 - ((beginning + names.length + text.length) % 8)) % 8;
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(names.length, 0);
  lengths.writeUInt32LE(text.length + padding, 4);
  const digest = createHash('sha256')
    .update(names)
    .digest()
    .subarray(0, beginning - 8);
  return Buffer.concat([lengths, digest, names, text, Buffer.alloc(padding, ' '), ...parts]);
}

type Unpacked = PeriodSums & { inColumns: InColumns; runDigests: () => RunDigests };
type Unpacking = (bytes: Buffer, aged: boolean) => Unpacked;

/** Reads packed sums one after another: the names of their cells, which most have in common, are read once. */
function createUnpacking(cells: Cells): Unpacking {
  const known = new Map<string, number[]>();
  return (bytes, aged) => {
    const namesEnd = beginning + bytes.readUInt32LE(0);
    const headerEnd = namesEnd + bytes.readUInt32LE(4);
    const digest = bytes.toString('latin1', 8, beginning);
    let numbers = known.get(digest);
    if (numbers === undefined) {
      const names: CellNames = JSON.parse(bytes.toString('utf8', beginning, namesEnd));
      numbers = names.map(([model, taskType]) => cells.numberOf(model, taskType));
      known.set(digest, numbers);
    }
    const header: Header & { values: KeptPeriod } = JSON.parse(
      bytes.toString('utf8', namesEnd, headerEnd),
    );
    let offset = headerEnd;
    const parts = new Map(
      header.bytes.map(([name, size]): [string, Buffer] => {
        const part = bytes.subarray(offset, (offset += size));
        return [name, part];
      }),
    );
    const names = parts.get('names') ?? Buffer.alloc(0);
    const kept: KeptPeriod = {
      ...header.values,
      ...Object.fromEntries(parts),
      get names() {
        return names.toString('utf8');
      },
    };
    const { buffer, byteOffset, length } = parts.get('digests') ?? Buffer.alloc(0);
    const digests = new Float64Array(buffer, byteOffset, length / 8);
    const sums = decodePeriod(kept, (number) => numbers[number] ?? -1, aged);
    return Object.assign(sums, { runDigests: () => digests });
  };
}

/** A day of its parts: without those weighted by age where there are none of them, and with runs from elsewhere. */
function joined(
  day: Unpacked,
  weighted: InColumns | undefined,
  { runsOf, runDigests }: { runsOf: () => Runs } & Pick<PeriodSums, 'runDigests'>,
): PeriodSums {
  const { firstAt, lastAt, hasLive, hasUnbilled } = day;
  const aged = weighted !== undefined;
  const inColumns: InColumns = {
    ...(weighted ?? day.inColumns),
    column: (field) => (field < plainWidth ? day.inColumns : weighted)?.column(field),
  };
  let cells: PeriodSums['cells'] | undefined;
  let detail: Detail | undefined;
  return {
    firstAt,
    lastAt,
    aged,
    inColumns,
    get cells() {
      return (cells ??= cellsOf(inColumns, aged));
    },
    get detail() {
      return (detail ??= {
        ...day.detail,
        get runs() {
          return runsOf();
        },
      });
    },
    get judgements() {
      return day.judgements;
    },
    runDigests,
    hasLive,
    hasUnbilled,
    version: 0,
  };
}

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
