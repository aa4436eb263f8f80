import { createHash } from 'node:crypto';
import type { Cells } from '../sums/fact-rows.ts';
import { cellsOf, decodePeriod, encodePeriod, type KeptPeriod, layout } from '../sums/codec.ts';
import { type Detail, noDetail, type RunDigests, runDigests } from '../sums/detail.ts';
import { plainWidth } from '../sums/fields.ts';
import { emptyPeriod, type InColumns, type PeriodSums } from '../sums/period.ts';

/**
 * What of a day lies apart: its sums, those of them that are weighted by age, and its runs, which are most of
 * it where there are many. Few readers want all of it.
 */
export type DayPart = 'day' | 'day aged' | 'day runs';
export type Unit = 'hour' | DayPart;
export const dayParts: readonly DayPart[] = ['day', 'day aged', 'day runs'];

export type KeptSums = { unit: 'hour' | 'day'; start: number; rows: number; sums: PeriodSums };
export type Runs = Detail['runs'];

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
export function createUnpacking(cells: Cells): Unpacking {
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
export function joined(
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
