import { createHash } from 'node:crypto';
import type { Cells } from '../sums/cells.ts';
import { decodePeriod, encodePeriod, type KeptPeriod, layout } from '../sums/codec.ts';
import type { PeriodSums } from '../sums/period.ts';
import type { Session } from './connector.ts';
import type { Frontier } from './frontier.ts';
import type { RollState } from './runs.ts';

export type Unit = 'day' | 'hour';
export type KeptSums = { unit: Unit; start: number; rows: number; sums: PeriodSums };

/** Programs whose sums differ keep theirs beside one another: a fleet is not updated in one moment. */
export const layoutName = createHash('sha256').update(layout).digest('hex').slice(0, 16);

/** The names of the cells, the numbers of a period, and where its bytes begin. */
type Header = {
  cells: [string, string][];
  values: Record<string, unknown>;
  bytes: [string, number][];
};

const lengthBytes = 4;

/** A period as one piece of bytes that says itself what it is of. */
export function packSums(sums: PeriodSums, cells: Cells): Buffer {
  // In one order, so that most days begin with the same text.
  const named = Array.from(sums.cells.keys(), (cell) => {
    const { model, taskType } = cells.of(cell);
    return { cell, model, taskType, name: `${model}\0${taskType}` };
  }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const numbers = new Map(named.map(({ cell }, number) => [cell, number]));
  const kept = encodePeriod(sums, (cell) => numbers.get(cell) ?? -1);
  const header: Header = {
    cells: named.map(({ model, taskType }) => [model, taskType]),
    values: {},
    bytes: [],
  };
  const parts: Uint8Array[] = [];
  for (const [name, value] of Object.entries(kept)) {
    if (value instanceof Uint8Array) {
      header.bytes.push([name, value.length]);
      parts.push(value);
    } else header.values[name] = value;
  }
  const text = Buffer.from(JSON.stringify(header));
  // What follows lies where doubles may.
  const padding = (8 - ((lengthBytes + text.length) % 8)) % 8;
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(text.length + padding);
  return Buffer.concat([length, text, Buffer.alloc(padding, ' '), ...parts]);
}

/** Reads packed sums one after another: the names of their cells, which most have in common, are read once. */
function createUnpacking(cells: Cells): (bytes: Buffer, aged: boolean) => PeriodSums {
  const known = new Map<string, number[]>();
  const numbersOf = (text: string): number[] => {
    let numbers = known.get(text);
    if (numbers === undefined) {
      const names: Header['cells'] = JSON.parse(text);
      numbers = names.map(([model, taskType]) => cells.numberOf(model, taskType));
      known.set(text, numbers);
    }
    return numbers;
  };
  return (bytes, aged) => unpackSums(bytes, numbersOf, aged);
}

function unpackSums(
  bytes: Buffer,
  numbersOf: (names: string) => number[],
  aged: boolean,
): PeriodSums {
  const length = bytes.readUInt32LE(0);
  const text = bytes.toString('utf8', lengthBytes, lengthBytes + length);
  // Within a name the quotes would be escaped.
  const end = text.indexOf(',"values":');
  const header: Omit<Header, 'cells'> & { values: KeptPeriod } = JSON.parse(
    `{${text.slice(end + 1)}`,
  );
  const numbers = numbersOf(text.slice('{"cells":'.length, end));
  let offset = lengthBytes + length;
  const parts = header.bytes.map(([name, size]): [string, Uint8Array] => {
    const part = bytes.subarray(offset, (offset += size));
    return [name, part];
  });
  const kept: KeptPeriod = Object.assign(header.values, Object.fromEntries(parts));
  return decodePeriod(kept, (number) => numbers[number] ?? -1, aged);
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

/** Sums that are kept, of those that a condition on `unit` and `start` chooses; `$1` is the layout. */
export async function keptSums(
  session: Session,
  { schema, cells, aged }: { schema: string; cells: Cells; aged: boolean },
  condition: string,
  values: readonly unknown[],
): Promise<KeptSums[]> {
  const rows = await session.rows<[Unit, number, number, Buffer]>(
    `SELECT unit, start, rows, sums FROM ${schema}.sums WHERE layout = $1 AND ${condition}`,
    [layoutName, ...values],
  );
  const unpack = createUnpacking(cells);
  return rows.map(([unit, start, count, bytes]) => ({
    unit,
    start,
    rows: count,
    sums: unpack(bytes, aged),
  }));
}
