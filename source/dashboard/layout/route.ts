import type { Area } from './screen.ts';

export type RoutePart = 'models' | 'tasks';

/** Lines below which one part alone is shown: two lists of a few rows each tell less than one. */
const roomForBoth = 15;
const smallestPart = 6;
/** The frame and the titles of a list. */
const around = 3;

/**
 * The models of a route over its tasks, each as high as it has rows while there is room; where room is short the
 * one in which keys move, alone.
 */
export function routeLayout(
  { width, height }: Area,
  part: RoutePart,
  rows: { models: number; tasks: number },
): Partial<Record<RoutePart, Area>> {
  if (height < roomForBoth) return { [part]: { width, height } };
  const half = Math.max(smallestPart, Math.floor(height / 2));
  const wanted = Math.max(smallestPart, rows.models + around);
  // What the tasks do not need is the models'.
  const spare = Math.max(0, height - half - Math.max(smallestPart, rows.tasks + around));
  const models = Math.min(wanted, half + spare);
  return {
    models: { width, height: models },
    tasks: { width, height: height - models },
  };
}
