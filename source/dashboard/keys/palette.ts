import { taskTypeLabel } from '../../domain/task-type.ts';
import { activeList, allRuns, recommendationId } from '../state/lists.ts';
import { perState } from '../state/per-state.ts';
import { sortColumnsOf } from '../tables/table.ts';
import type { AppState } from '../state/state.ts';
import { matchRank } from '../text/fuzzy.ts';
import type { Command } from './commands.ts';
import { keymap } from './keymap.ts';
import { canSort } from './places.ts';

/** Where a line of the palette leads. */
export type PaletteTarget =
  | { type: 'command'; command: Command }
  | { type: 'model'; model: string }
  | { type: 'task-type'; taskType: string }
  | { type: 'run'; projectId: string }
  | { type: 'recommendation'; id: string };

export type PaletteItem = {
  kind: 'view' | 'command' | 'model' | 'task type' | 'run' | 'advice';
  label: string;
  /** The key that does the same, where there is one. */
  key?: string;
  target: PaletteTarget;
};

/** Everything that can be gone to or done from here. */
export const paletteItems = perState((state: AppState): readonly PaletteItem[] => {
  const { insight } = state;
  const taskTypes = new Set(insight?.cells.map(({ taskType }) => taskType));
  return [
    ...commandItems(state),
    ...sortItems(state),
    ...[...taskTypes].map((taskType): PaletteItem => ({
      kind: 'task type',
      label: taskTypeLabel(taskType),
      target: { type: 'task-type', taskType },
    })),
    ...(insight?.rankings ?? []).map(({ model }): PaletteItem => ({
      kind: 'model',
      label: model,
      target: { type: 'model', model },
    })),
    ...allRuns(state).map(({ projectId, project }): PaletteItem => ({
      kind: 'run',
      label: project === '' ? projectId : `${project} (${projectId})`,
      target: { type: 'run', projectId },
    })),
    ...(insight?.recommendations ?? []).map((recommendation): PaletteItem => ({
      kind: 'advice',
      label: recommendation.message,
      target: { type: 'recommendation', id: recommendationId(recommendation) },
    })),
  ];
});

/** The commands that work here, each under the words of its key; those that only move in a list are left to keys. */
function commandItems(state: AppState): PaletteItem[] {
  return keymap
    .filter(({ where }) => where?.(state) ?? true)
    .flatMap(({ each, on }) =>
      Object.entries(each ?? {}).flatMap(([key, label]) => {
        const command = on[key];
        if (command === undefined) return [];
        const kind = command.name === 'tab' ? 'view' : 'command';
        return [{ kind, label, key, target: { type: 'command', command } } as const];
      }),
    );
}

/** By what the list here can be sorted. */
function sortItems(state: AppState): PaletteItem[] {
  const list = canSort(state) ? activeList(state) : undefined;
  return (list === undefined ? [] : sortColumnsOf(list)).map(({ letter, title }) => ({
    kind: 'command',
    label: letter === 'C' && title !== 'cost' ? `sort by cost (${title})` : `sort by ${title}`,
    key: letter,
    target: { type: 'command', command: { name: 'sort-by', letter } },
  }));
}

/** The items that answer what was typed, the best first; all of them while nothing is typed. */
export const matchingItems = perState((state: AppState): readonly PaletteItem[] => {
  const typed = state.palette?.typed ?? '';
  return paletteItems(state)
    .flatMap((item) => {
      const rank = matchRank(typed, `${item.label} ${item.kind}`);
      return rank === undefined ? [] : [{ item, rank }];
    })
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
});
