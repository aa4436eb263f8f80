import { type Column, type InColumns, type PeriodSums } from './period.ts';
import { fields, noSums, plainWidth, type Sums, width } from './fields.ts';
import {
  addMoney,
  addQuarter,
  decodeJudgements,
  type Detail,
  encodeJudgements,
  type Judgements,
  noDetail,
} from './detail.ts';
import { dayOf } from './time.ts';

/** What kept sums look like; others are thrown away. */
export const layout = `6 ${fields.join(' ')}`;

/** Those in a file; earlier ones may hold amounts that are left out now. */
export const fileLayout = `within limits, ${layout}`;

/** A period as it is kept: tables of numbers column by column, and the names in them. */
export type KeptPeriod = {
  firstAt: number;
  lastAt: number;
  /** 1: some run in it was counted as one without snapshots; 2: as one without calls. */
  flags: number;
  leftOut: number;
  /** Of every cell its number and its sums. */
  cells: Uint8Array;
  runs: Uint8Array;
  money: Uint8Array;
  quarters: Uint8Array;
  /** Who judged whom, as JSON. */
  judgements: string;
  /** Of the runs, and of what is paid, in their order, as JSON. */
  names: string;
};

type Names = { runs: string[]; money: [model: string, role: string][] };

/** Kept sums go by numbers of their own for the cells: `numberOf` gives them. */
export function encodePeriod(
  { firstAt, lastAt, hasLive, hasUnbilled, cells, detail, judgements }: PeriodSums,
  numberOf: (cell: number) => number = (cell) => cell,
): KeptPeriod {
  const sums = [...cells.values()];
  const runs = [...detail.runs.values()];
  const day = dayOf(firstAt);
  const names: Names = {
    runs: [...detail.runs.keys()],
    money: Array.from(detail.money.values(), ({ model, role }) => [model, role]),
  };
  return {
    firstAt,
    lastAt,
    flags: flagsOf(hasLive, hasUnbilled),
    leftOut: detail.leftOut,
    cells: packColumns([
      Array.from(cells.keys(), numberOf),
      ...fields.map((_, field) => sums.map((ofCell) => ofCell[field] ?? 0)),
    ]),
    runs: packColumns([
      runs.map(({ live, unbilled }) => flagsOf(live, unbilled)),
      ...columnsOf(runs, runNumbers),
    ]),
    money: packColumns(columnsOf([...detail.money.values()], ['costUsd', 'calls'])),
    quarters: packColumns([
      Array.from(detail.quarters.keys(), (start) => start - day),
      ...columnsOf([...detail.quarters.values()], ['costUsd', 'tasks']),
    ]),
    judgements: encodeJudgements(judgements),
    names: JSON.stringify(names),
  };
}

/** The sums of a run, in the order of their columns. */
const runNumbers = ['tasks', 'scored', 'score', 'costUsd', 'paidUsd', 'lastAt'] as const;

function columnsOf<Name extends string>(
  rows: readonly Readonly<Record<Name, number>>[],
  names: readonly Name[],
): number[][] {
  return names.map((name) => rows.map((row) => row[name]));
}

/** `cellOf` gives the cell of a number; cells, detail and judgements are taken apart when they are asked for. */
export function decodePeriod(
  kept: KeptPeriod,
  cellOf: (number: number) => number,
  aged: boolean,
): PeriodSums & { inColumns: InColumns } {
  let cells: Map<number, Sums> | undefined;
  let detail: Detail | undefined;
  let judgements: Judgements | undefined;
  let unpacked: ReturnType<typeof unpackColumns> | undefined;
  const columns = (): ReturnType<typeof unpackColumns> =>
    (unpacked ??= unpackColumns(kept.cells, 1 + width));
  let numbered: number[] | undefined;
  // Of the hours at an edge of a window about half are never added.
  const inColumns = {
    get cells() {
      const numbers = columns().column(0);
      return (numbered ??= listOf(columns().rows, (row) => cellOf(numbers?.[row] ?? 0)));
    },
    width: aged ? width : plainWidth,
    column: (field: number) => columns().column(1 + field),
  };
  return {
    firstAt: kept.firstAt,
    lastAt: kept.lastAt,
    aged,
    inColumns,
    get cells() {
      return (cells ??= cellsOf(inColumns, aged));
    },
    get detail() {
      return (detail ??= detailOf(kept));
    },
    get judgements() {
      return (judgements ??= decodeJudgements(kept.judgements));
    },
    hasLive: hasFlag(kept.flags, 1),
    hasUnbilled: hasFlag(kept.flags, 2),
    version: 0,
  };
}

/** Cells one by one, of columns. */
export function cellsOf(
  { cells, width: end, column }: InColumns,
  aged: boolean,
): Map<number, Sums> {
  const all = new Map(cells.map((cell) => [cell, noSums(aged)]));
  for (let field = 0; field < end; field += 1) {
    const values = column(field);
    if (values === undefined) continue;
    let row = 0;
    for (const sums of all.values()) {
      sums[field] = values[row] ?? 0;
      row += 1;
    }
  }
  return all;
}

function detailOf(kept: KeptPeriod): Detail {
  const names: Names = JSON.parse(kept.names);
  const detail = noDetail();
  detail.leftOut = kept.leftOut;
  const projectIds = names.runs.values();
  for (const numbers of rowsIn(kept.runs, 1 + runNumbers.length)) {
    const [flags = 0, tasks = 0, scored = 0, score = 0, costUsd = 0, paidUsd = 0, lastAt = 0] =
      numbers;
    const [live, unbilled] = [hasFlag(flags, 1), hasFlag(flags, 2)];
    const run = { tasks, scored, score, costUsd, paidUsd, lastAt, live, unbilled };
    detail.runs.set(projectIds.next().value ?? '', run);
  }
  const paid = names.money.values();
  for (const [costUsd = 0, calls = 0] of rowsIn(kept.money, 2)) {
    const [model = '', role = ''] = paid.next().value ?? [];
    addMoney(detail, { model, role, costUsd, calls });
  }
  const day = dayOf(kept.firstAt);
  for (const [start = 0, costUsd = 0, tasks = 0] of rowsIn(kept.quarters, 3)) {
    addQuarter(detail, day + start, { costUsd, tasks });
  }
  return detail;
}

/** Packed columns row by row, each to be read before the next one. */
function* rowsIn(bytes: Uint8Array, count: number): Generator<readonly number[]> {
  const { rows, column } = unpackColumns(bytes, count);
  const columns = listOf(count, column);
  const numbers = listOf(count, () => 0);
  for (let row = 0; row < rows; row += 1) {
    for (let index = 0; index < count; index += 1) numbers[index] = columns[index]?.[row] ?? 0;
    yield numbers;
  }
}

function listOf<Item>(length: number, itemAt: (index: number) => Item): Item[] {
  // Array.from takes several times as long, and this is done for every cell of every day.
  const items: Item[] = [];
  for (let index = 0; index < length; index += 1) items.push(itemAt(index));
  return items;
}

function flagsOf(live: boolean, unbilled: boolean): number {
  return (live ? 1 : 0) + (unbilled ? 2 : 0);
}

function hasFlag(flags: number, flag: 1 | 2): boolean {
  return Math.floor(flags / flag) % 2 === 1;
}

/** How a column is kept: not at all where all of it is zero, as small whole numbers, or as doubles. */
const form = { none: 0, small: 1, double: 2 } as const;
const mostSmall = 65_535;
/** Columns begin where a double may. */
const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** Columns of the same length, as bytes. */
function packColumns(columns: readonly (readonly number[])[]): Uint8Array {
  const forms = columns.map(formOf);
  const parts = [
    bytesOf(Float64Array.of(columns[0]?.length ?? 0)),
    Uint8Array.from(forms),
    ...columns.flatMap((column, index) => {
      if (forms[index] === form.none) return [];
      const isSmall = forms[index] === form.small;
      return [bytesOf(isSmall ? Uint16Array.from(column) : Float64Array.from(column))];
    }),
  ];
  return joined(parts);
}

/** So many columns that were packed; looked at where they are, each when it is first asked for. */
function unpackColumns(
  bytes: Uint8Array,
  count: number,
): { rows: number; column: (index: number) => Column } {
  // Copied, once, where the bytes do not lie as doubles must.
  const { buffer, byteOffset } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const [rows = 0] = new Float64Array(buffer, byteOffset, 1);
  const offsets: number[] = [];
  let offset = byteOffset + 8 + padded(count);
  for (let index = 0; index < count; index += 1) {
    offsets.push(offset);
    const kept = bytes[8 + index];
    if (kept !== form.none) offset += kept === form.double ? 8 * rows : padded(2 * rows);
  }
  const unpacked: Column[] = [];
  return {
    rows,
    column(index) {
      const kept = bytes[8 + index];
      if (kept === form.none) return undefined;
      return (unpacked[index] ??=
        kept === form.double
          ? new Float64Array(buffer, offsets[index], rows)
          : new Uint16Array(buffer, offsets[index], rows));
    },
  };
}

function formOf(column: readonly number[]): number {
  if (column.every((value) => value === 0)) return form.none;
  const isSmall = column.every(
    (value) => Number.isInteger(value) && value >= 0 && value <= mostSmall,
  );
  return isSmall ? form.small : form.double;
}

function bytesOf({ buffer }: Float64Array<ArrayBuffer> | Uint16Array<ArrayBuffer>): Uint8Array {
  return new Uint8Array(buffer);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + padded(length), 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += padded(part.length);
  }
  return bytes;
}
