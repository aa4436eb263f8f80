import { isRecord } from '../../domain/is-record.ts';
import { readOwnFile, replaceOwnFile } from '../../files/own-file.ts';
import { themeNames, type ThemeName } from '../theme/palette.ts';
import { columnsIn, type RankingColumn } from '../state/columns.ts';
import { tabs, type Tab } from '../state/state.ts';

export type RememberedSort = { column: string; descending: boolean };

const sorted = ['rankings', 'cost', 'cells'] as const;

/** What the dashboard remembers from one start to the next. */
export type Memory = {
  tab?: Tab;
  days?: number;
  theme?: ThemeName;
  sorts?: Partial<Record<(typeof sorted)[number], RememberedSort>>;
  /** The columns of the rankings. */
  columns?: readonly RankingColumn[];
};

/** In bytes; what we write is below 1 KB. */
const largestMemory = 64 * 1024;

/**
 * What was remembered; nothing of what is missing or broken, for it holds only conveniences. Checked by
 * hand: a schema library would take longer to load than the first screen to draw.
 */
export function loadMemory(path: string): Memory {
  const file = readOwnFile(path, { maxBytes: largestMemory });
  if (!file.ok) return {};
  try {
    return memoryIn(JSON.parse(file.text));
  } catch {
    return {};
  }
}

function memoryIn(value: unknown): Memory {
  if (!isRecord(value)) return {};
  const { days, sorts } = value;
  const tab = tabs.find((name) => name === value['tab']);
  const theme = themeNames.find((name) => name === value['theme']);
  const columns = columnsIn(value['columns']);
  const memory: Memory = {};
  if (tab !== undefined) memory.tab = tab;
  if (theme !== undefined) memory.theme = theme;
  if (columns !== undefined) memory.columns = columns;
  if (typeof days === 'number' && Number.isInteger(days) && days >= 1 && days <= 3650) {
    memory.days = days;
  }
  if (isRecord(sorts)) {
    memory.sorts = {};
    for (const name of sorted) {
      const sort = sorts[name];
      if (isSort(sort)) memory.sorts[name] = sort;
    }
  }
  return memory;
}

function isSort(value: unknown): value is RememberedSort {
  return (
    isRecord(value) &&
    typeof value['column'] === 'string' &&
    typeof value['descending'] === 'boolean'
  );
}

/** Replaces the file as a whole. Returns whether it worked: a read-only folder is no reason to stop. */
export function saveMemory(path: string, memory: Memory): boolean {
  try {
    replaceOwnFile(path, `${JSON.stringify(memory, undefined, 2)}\n`);
    return true;
  } catch {
    return false;
  }
}
