import type { Area } from './screen.ts';

export type ModelLayout = {
  chart?: Area;
  taskTypes?: Area;
  why?: Area;
  events: Area;
};

/**
 * The panes of a model's view from top to bottom: the plot over the whole width, the task types
 * beside the reasons, the last events. Where room is short the plot gets smaller, then the task
 * types stand without reasons beside them, then they go.
 */
export function modelLayout({ width, height }: Area, taskTypes: number): ModelLayout {
  if (height < 10) return { events: { width, height } };
  if (height < 16) {
    const chart = Math.floor(height / 2);
    return { chart: { width, height: chart }, events: { width, height: height - chart } };
  }
  const chart = Math.min(16, Math.max(6, Math.floor(height * 0.32)));
  const events = Math.min(14, Math.max(5, Math.floor(height * 0.26)));
  const middle = height - chart - events;
  const both = width >= 110;
  // ink-table rules off every row; what its rows leave over goes to the plot.
  const wanted = Math.min(
    middle,
    both ? Math.max(9, 2 * taskTypes + 5) : Math.max(4, taskTypes + 3),
  );
  const spare = middle - wanted;
  const left = both ? 58 : width;
  return {
    chart: { width, height: chart + Math.ceil(spare / 2) },
    taskTypes: { width: left, height: wanted },
    ...(both ? { why: { width: width - left, height: wanted } } : {}),
    events: { width, height: events + Math.floor(spare / 2) },
  };
}
