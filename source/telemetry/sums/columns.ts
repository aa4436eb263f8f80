/** How a column is kept: not at all where all of it is zero, as small whole numbers, or as doubles. */
const form = { none: 0, small: 1, double: 2 } as const;
const mostSmall = 65_535;
/** Columns begin where a double may. */
const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** A column of numbers; undefined: all of them are zero. */
export type Column = Float64Array | undefined;

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

/** So many columns of what begins at an offset, of `all` that were packed; looked at where they are. */
export function unpackColumns(
  bytes: Uint8Array,
  all: number,
  count = all,
): { rows: number; columns: Column[] } {
  // Copied, once, where the bytes do not lie as doubles must.
  const { buffer, byteOffset } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const [rows = 0] = new Float64Array(buffer, byteOffset, 1);
  let offset = byteOffset + 8 + padded(all);
  const columns: Column[] = [];
  for (let index = 0; index < count; index += 1) {
    const kept = bytes[8 + index];
    if (kept === form.double) {
      columns.push(new Float64Array(buffer, offset, rows));
      offset += 8 * rows;
    } else if (kept === form.small) {
      columns.push(new Float64Array(new Uint16Array(buffer, offset, rows)));
      offset += padded(2 * rows);
    } else columns.push(undefined);
  }
  return { rows, columns };
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
