/** How a column is kept: not at all where all of it is zero, as small whole numbers, or as doubles. */
const form = { none: 0, small: 1, double: 2 } as const;
const mostSmall = 65_535;
/** Columns begin where a double may. */
const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** A column of numbers; undefined: all of them are zero. */
export type Column = Float64Array | Uint16Array | undefined;

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
