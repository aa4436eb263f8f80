import { dirname, join } from 'node:path';
import { isRecord } from '../../domain/is-record.ts';
import { parseJson } from '../../domain/parse-json.ts';
import { readOwnFile, replaceOwnFile } from '../../files/own-file.ts';
import { themeNames, type ThemeName } from '../theme/palette.ts';
import { columnsIn, type RankingColumn } from '../state/columns.ts';
import { listNames, tabs, type ListName, type Tab } from '../state/state.ts';

export type SortPreference = { column: string; descending: boolean };

/** What the dashboard remembers from one start to the next. */
export type Preferences = {
  tab?: Tab;
  days?: number;
  theme?: ThemeName;
  sorts?: Partial<Record<ListName, SortPreference>>;
  /** The columns of the rankings. */
  columns?: readonly RankingColumn[];
};

/** In bytes; what we write is below 1 KB. */
const maxBytes = 64 * 1024;

/**
 * What was remembered; nothing of what is missing or broken, for it holds only conveniences. Checked by
 * hand: a schema library would take longer to load than the first screen to draw.
 */
export function loadPreferences(path: string): Preferences {
  const own = readOwnFile(path, { maxBytes });
  // One file for all databases was there before: it counts until there is one for this database.
  const isNew = !own.ok && own.reason === 'missing';
  const file = isNew ? readOwnFile(join(dirname(path), 'dashboard.json'), { maxBytes }) : own;
  return file.ok ? preferencesIn(parseJson(file.text)) : {};
}

function preferencesIn(value: unknown): Preferences {
  if (!isRecord(value)) return {};
  const { days, sorts } = value;
  const tab = tabs.find((name) => name === value['tab']);
  const theme = themeNames.find((name) => name === value['theme']);
  const columns = columnsIn(value['columns']);
  const preferences: Preferences = {};
  if (tab !== undefined) preferences.tab = tab;
  if (theme !== undefined) preferences.theme = theme;
  if (columns !== undefined) preferences.columns = columns;
  if (typeof days === 'number' && Number.isInteger(days) && days >= 1 && days <= 3650) {
    preferences.days = days;
  }
  if (isRecord(sorts)) {
    preferences.sorts = {};
    for (const name of listNames) {
      const sort = sorts[name];
      if (isSort(sort)) preferences.sorts[name] = sort;
    }
  }
  return preferences;
}

function isSort(value: unknown): value is SortPreference {
  return (
    isRecord(value) &&
    typeof value['column'] === 'string' &&
    typeof value['descending'] === 'boolean'
  );
}

/** Nothing is remembered any more; what was once for all databases does not come back either. */
export const forgetPreferences = (path: string): boolean => savePreferences(path, {});

/** Replaces the file as a whole. Returns whether it worked: a read-only folder is no reason to stop. */
export function savePreferences(path: string, preferences: Preferences): boolean {
  try {
    replaceOwnFile(path, `${JSON.stringify(preferences, undefined, 2)}\n`);
    return true;
  } catch {
    return false;
  }
}
