import { cellIn, type Span, widen } from '../timeline/span.ts';
import { decodeBuckets } from './codec.ts';
import type { StoredCells } from './stored-cells.ts';

/** Adds stored sums to the spans that `spanOf` names by the start of their hour or day; undefined passes over. */
export function addStored(
  bytes: Uint8Array,
  stored: StoredCells,
  spanOf: (start: number) => Span | undefined,
): void {
  decodeBuckets(bytes, {
    bucket(start, firstAt, lastAt) {
      const span = spanOf(start);
      if (span === undefined) return undefined;
      widen(span, firstAt, lastAt);
      return (cell) => cellIn(span, stored.cellOf(cell));
    },
  });
}
