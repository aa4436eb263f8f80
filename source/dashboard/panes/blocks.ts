import type { PaneLine } from './pane.tsx';

/** The lines around the selected block that fit, starting with a whole block. */
export function fitBlocks(
  blocks: readonly PaneLine[][],
  selected: number,
  height: number,
): { lines: PaneLine[]; more: { hasAbove: boolean; hasBelow: boolean } } {
  let from = selected;
  let used = blocks[selected]?.length ?? 0;
  while (from > 0 && used + (blocks[from - 1]?.length ?? 0) <= height) {
    from -= 1;
    used += blocks[from]?.length ?? 0;
  }
  const lines = blocks.slice(from).flat();
  return {
    lines: lines.slice(0, height),
    more: { hasAbove: from > 0, hasBelow: lines.length > height },
  };
}
