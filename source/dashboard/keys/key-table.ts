import { keymapBySection } from './lookup.ts';

const escaped = (text: string): string => text.replaceAll('|', '\\|');

/** The keymap as a table in Markdown: docs/dashboard.md holds it, and a test compares. */
export function keyTable(): string {
  const rows = keymapBySection.map(
    ({ section, show, does }) => `| ${section} | \`${escaped(show)}\` | ${escaped(does)} |`,
  );
  return ['| | key | does |', '|---|---|---|', ...rows].join('\n');
}
