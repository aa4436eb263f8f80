import type { RunState } from '../../domain/run-state.ts';
import { isDone } from '../../domain/task-standing.ts';

export type Progress = { done: number; total: number; share: number };

export function progressOf({ tasks }: RunState): Progress {
  const all = [...tasks.values()];
  const done = all.filter(isDone).length;
  return { done, total: all.length, share: all.length === 0 ? 0 : done / all.length };
}

/** Columns of a bar of `width`, in eighths: what is done, then the track. */
export function barOf(
  share: number,
  width: number,
  { eighths, track }: { eighths: readonly string[]; track: string },
): { done: string; rest: string } {
  const parts = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const full = Math.floor(parts / 8);
  const part = parts % 8 === 0 ? '' : (eighths[(parts % 8) - 1] ?? '');
  const done = (eighths[7] ?? '').repeat(full) + part;
  return { done, rest: track.repeat(Math.max(0, width - full - (part === '' ? 0 : 1))) };
}

/** Distance of a task from those that depend on nothing: its indentation in the tree. */
export function depthsOf({ tasks }: RunState): Map<string, number> {
  const depths = new Map<string, number>();
  const depthOf = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    // Set before descending, so that even a graph with a cycle ends.
    depths.set(id, 0);
    const parents = tasks.get(id)?.dependsOn ?? [];
    const depth = parents.length === 0 ? 0 : 1 + Math.max(...parents.map(depthOf));
    depths.set(id, depth);
    return depth;
  };
  for (const id of tasks.keys()) depthOf(id);
  return depths;
}
