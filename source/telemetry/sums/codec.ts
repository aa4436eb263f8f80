import { type Column, type InColumns, type PeriodSums } from './period.ts';
import { fields, noSums, plainWidth, type Sums, width } from './fields.ts';
import {
  decodeJudgements,
  type Detail,
  encodeJudgements,
  type Judgements,
  moneyKey,
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
  const money = [...detail.money.values()];
  const quarters = [...detail.quarters.values()];
  const day = dayOf(firstAt);
  const names: Names = {
    runs: [...detail.runs.keys()],
    money: money.map(({ model, role }) => [model, role]),
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
      runs.map(({ tasks }) => tasks),
      runs.map(({ scored }) => scored),
      runs.map(({ score }) => score),
      runs.map(({ costUsd }) => costUsd),
      runs.map(({ paidUsd }) => paidUsd),
      runs.map(({ lastAt }) => lastAt),
    ]),
    money: packColumns([money.map(({ costUsd }) => costUsd), money.map(({ calls }) => calls)]),
    quarters: packColumns([
      Array.from(detail.quarters.keys(), (start) => start - day),
      quarters.map(({ costUsd }) => costUsd),
      quarters.map(({ tasks }) => tasks),
    ]),
    judgements: encodeJudgements(judgements),
    names: JSON.stringify(names),
  };
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
  const { rows, column } = unpackColumns(kept.cells, 1 + width);
  const numbers = column(0);
  const inColumns = {
    cells: listOf(rows, (row) => cellOf(numbers?.[row] ?? 0)),
    width: aged ? width : plainWidth,
    column: (field: number) => column(1 + field),
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
  const [flags, runTasks, scored, score, runCost, runPaid, lastAt] = allColumns(kept.runs, 7);
  for (const [row, projectId] of names.runs.entries()) {
    detail.runs.set(projectId, {
      tasks: runTasks?.[row] ?? 0,
      scored: scored?.[row] ?? 0,
      score: score?.[row] ?? 0,
      costUsd: runCost?.[row] ?? 0,
      paidUsd: runPaid?.[row] ?? 0,
      lastAt: lastAt?.[row] ?? 0,
      live: hasFlag(flags?.[row] ?? 0, 1),
      unbilled: hasFlag(flags?.[row] ?? 0, 2),
    });
  }
  const [paid, calls] = allColumns(kept.money, 2);
  for (const [row, [model, role]] of names.money.entries()) {
    const sums = { model, role, costUsd: paid?.[row] ?? 0, calls: calls?.[row] ?? 0 };
    detail.money.set(moneyKey(model, role), sums);
  }
  const day = dayOf(kept.firstAt);
  const { rows, column } = unpackColumns(kept.quarters, 3);
  const [starts, costUsd, tasks] = [column(0), column(1), column(2)];
  for (let row = 0; row < rows; row += 1) {
    const quarter = { costUsd: costUsd?.[row] ?? 0, tasks: tasks?.[row] ?? 0 };
    detail.quarters.set(day + (starts?.[row] ?? 0), quarter);
  }
  return detail;
}

function allColumns(bytes: Uint8Array, count: number): Column[] {
  return listOf(count, unpackColumns(bytes, count).column);
}

function listOf<Item>(length: number, itemAt: (index: number) => Item): Item[] {
  return Array.from({ length }, (_, index) => itemAt(index));
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
export function packColumns(columns: readonly (readonly number[])[]): Uint8Array {
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

/** Columns of which each is unpacked when it is first asked for. */
export type PackedColumns = { rows: number; column: (index: number) => Column };

/** So many columns that were packed; looked at where they are. */
export function unpackColumns(bytes: Uint8Array, count: number): PackedColumns {
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
