import type { AppState } from '../state/state.ts';
import { sortLetters } from '../tables/column.ts';
import type { Command } from './commands.ts';
import type { KeyName } from './key-name.ts';

/** The groups of the help, in its order. */
export const sections = ['Move', 'Look', 'Data', 'Program'] as const;

/** Some keys, what they do, and where. The footer, the help and the documentation are made from these. */
export type Binding = {
  section: (typeof sections)[number];
  /** The keys as people read them. */
  show: string;
  /** The same in ASCII, where it differs. */
  showAscii?: string;
  /** What they do, for the help. */
  does: string;
  /** What single keys do, in the words of the palette; what only moves in a list is not there. */
  each?: Readonly<Record<KeyName, string>>;
  /** One word for the footer; without it the footer leaves them out. */
  hint?: string | ((state: AppState) => string | undefined);
  /** Where they work; absent: everywhere. */
  where?: (state: AppState) => boolean;
  /** The same in words, said where they do nothing; without it they are silent there, as what only moves is. */
  at?: string;
  on: Readonly<Record<KeyName, Command>>;
};

/** The letters that sort, each by its column. */
export const sortKeys: Binding['on'] = Object.fromEntries(
  sortLetters.map((letter) => [letter, { name: 'sort-by', letter }]),
);
