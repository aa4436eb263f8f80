import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
// Not by the engine's index: the first screen needs none of the rest.
import { watchLiveRuns } from '../../engine/journal/live-runs.ts';
import type { CachePaths } from '../shared/cache-paths.ts';

/**
 * Puts the history of earlier demos aside, as `demo.previous`, so that the same seed gives the same story
 * each time; where a run is being recorded into it, it stays, and the story goes on from there.
 */
export function putHistoryAside({ database, runs }: CachePaths): void {
  const folder = dirname(database);
  if (!existsSync(database) || isInUse(runs)) return;
  const previous = `${folder}.previous`;
  try {
    rmSync(previous, { recursive: true, force: true });
    renameSync(folder, previous);
  } catch {
    // It stays where it is: a story that goes on is better than none.
  }
}

function isInUse(runs: string): boolean {
  const live = watchLiveRuns({ directory: runs });
  try {
    return live.read(Date.now() / 1000).some(({ finished }) => finished === undefined);
  } finally {
    live.close();
  }
}
