/** Which rows of a list are on screen. */
export type Slice = { from: number; to: number; hasAbove: boolean; hasBelow: boolean };

/** The rows around the selected one that fit into `height` lines; no state, so nothing to get wrong. */
export function sliceAround(count: number, selected: number, height: number): Slice {
  const room = Math.max(0, height);
  const furthest = Math.max(0, count - room);
  const from = Math.min(furthest, Math.max(0, selected - Math.floor(room / 2)));
  const to = Math.min(count, from + room);
  return { from, to, hasAbove: from > 0, hasBelow: to < count };
}
