import { dayOf, quarterSeconds } from './time.ts';
import { fields, noSums, plainWidth, type Sums, width } from './fields.ts';
import { type Detail, moneyKey, noDetail, type PeriodSums, type RunSums } from './period.ts';

/** What kept sums look like; others are thrown away. */
export const layout = `1 ${fields.join(' ')}`;

/** A period as it is kept: its cells column by column, everything else as text. */
export type KeptPeriod = {
  firstAt: number;
  lastAt: number;
  /** 1: some run in it was counted as one without snapshots; 2: as one without calls. */
  flags: number;
  cells: Uint8Array;
  detail: string;
};

/** How a column is kept: all zero and so not at all, as small whole numbers, or as doubles. */
const form = { none: 0, small: 1, double: 2 } as const;
const mostSmall = 65_535;
/** Columns begin where a double may. */
const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** `numberOf` gives the number by which a cell is kept. */
export function encodePeriod(
  { firstAt, lastAt, hasLive, hasUnbilled, cells, detail }: PeriodSums,
  numberOf: (cell: number) => number,
): KeptPeriod {
  const rows = [...cells.values()];
  const columns = Array.from({ length: width }, (_, field) => rows.map((sums) => sums[field] ?? 0));
  const forms = columns.map(formOf);
  const parts: Uint8Array[] = [
    bytesOf(Float64Array.of(rows.length)),
    Uint8Array.from(forms),
    bytesOf(Float64Array.from(cells.keys(), numberOf)),
    ...columns.flatMap((column, field) => {
      if (forms[field] === form.none) return [];
      return [
        bytesOf(forms[field] === form.small ? Uint16Array.from(column) : Float64Array.from(column)),
      ];
    }),
  ];
  const flags = flagsOf(hasLive, hasUnbilled);
  return { firstAt, lastAt, flags, cells: joined(parts), detail: encodeDetail(detail) };
}

/** `cellOf` gives the cell of a number that it was kept by; the detail is taken apart when it is asked for. */
export function decodePeriod(
  { firstAt, lastAt, flags, cells: bytes, detail: text }: KeptPeriod,
  cellOf: (number: number) => number,
  aged: boolean,
): PeriodSums {
  let detail: Detail | undefined;
  return {
    firstAt,
    lastAt,
    aged,
    cells: decodeCells(aligned(bytes), cellOf, aged),
    get detail() {
      return (detail ??= decodeDetail(text));
    },
    hasLive: hasFlag(flags, 1),
    hasUnbilled: hasFlag(flags, 2),
    version: 0,
  };
}

function decodeCells(
  bytes: Uint8Array,
  cellOf: (number: number) => number,
  aged: boolean,
): Map<number, Sums> {
  const count = doublesAt(bytes, 0, 1)[0] ?? 0;
  const forms = bytes.subarray(8, 8 + width);
  let offset = 8 + padded(width);
  const numbers = doublesAt(bytes, offset, count);
  offset += 8 * count;
  const rows = Array.from({ length: count }, () => noSums(aged));
  const end = aged ? width : plainWidth;
  for (let field = 0; field < end; field += 1) {
    if (forms[field] === form.none) continue;
    const isSmall = forms[field] === form.small;
    const column = isSmall ? smallAt(bytes, offset, count) : doublesAt(bytes, offset, count);
    for (let row = 0; row < count; row += 1) {
      const sums = rows[row];
      if (sums !== undefined) sums[field] = column[row] ?? 0;
    }
    offset += padded(count * (isSmall ? 2 : 8));
  }
  const cells = new Map<number, Sums>();
  rows.forEach((sums, row) => cells.set(cellOf(numbers[row] ?? 0), sums));
  return cells;
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

/** Copied, once, where the bytes do not lie as doubles must. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
}

function doublesAt(bytes: Uint8Array, offset: number, count: number): Float64Array {
  return new Float64Array(bytes.buffer, bytes.byteOffset + offset, count);
}

function smallAt(bytes: Uint8Array, offset: number, count: number): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset + offset, count);
}

type KeptDetail = {
  runs: [projectId: string, ...numbers: number[]][];
  money: [model: string, role: string, costUsd: number, calls: number][];
  /** The day, in which quarters of an hour are numbered. */
  day: number;
  quarters: [number: number, costUsd: number, tasks: number][];
  leftOut: number;
};

function encodeDetail({ runs, money, quarters, leftOut }: Detail): string {
  const [first = 0] = quarters.keys();
  const day = dayOf(first);
  const kept: KeptDetail = {
    runs: [...runs].map(([projectId, run]) => [
      projectId,
      flagsOf(run.live, run.unbilled),
      // A run that only had calls or snapshots then has no last task, and JSON no −Infinity.
      ...(run.tasks === 0 ? [] : [run.tasks, run.scored, run.score, run.costUsd, run.lastAt]),
    ]),
    money: [...money.values()].map(({ model, role, costUsd, calls }) => [
      model,
      role,
      costUsd,
      calls,
    ]),
    day,
    quarters: [...quarters].map(([start, { costUsd, tasks }]) => [
      (start - day) / quarterSeconds,
      costUsd,
      tasks,
    ]),
    leftOut,
  };
  return JSON.stringify(kept);
}

function decodeDetail(text: string): Detail {
  const kept: KeptDetail = JSON.parse(text);
  const detail = noDetail();
  for (const run of kept.runs) detail.runs.set(run[0], decodeRun(run));
  for (const [model, role, costUsd, calls] of kept.money) {
    detail.money.set(moneyKey(model, role), { model, role, costUsd, calls });
  }
  for (const [number, costUsd, tasks] of kept.quarters) {
    detail.quarters.set(kept.day + number * quarterSeconds, { costUsd, tasks });
  }
  detail.leftOut = kept.leftOut;
  return detail;
}

function decodeRun([, flags = 0, ...numbers]: KeptDetail['runs'][number]): RunSums {
  const [tasks = 0, scored = 0, score = 0, costUsd = 0, lastAt = -Infinity] = numbers;
  return {
    tasks,
    scored,
    score,
    costUsd,
    lastAt,
    live: hasFlag(flags, 1),
    unbilled: hasFlag(flags, 2),
  };
}

function flagsOf(live: boolean, unbilled: boolean): number {
  return (live ? 1 : 0) + (unbilled ? 2 : 0);
}

function hasFlag(flags: number, flag: 1 | 2): boolean {
  return Math.floor(flags / flag) % 2 === 1;
}
