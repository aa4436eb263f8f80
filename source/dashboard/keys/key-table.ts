import { sections } from './binding.ts';
import { keymap } from './keymap.ts';

const escaped = (text: string): string => text.replaceAll('|', '\\|');

/** The keymap as a table in Markdown: docs/dashboard.md holds it, and a test compares. */
export function keyTable(): string {
  const rows = sections.flatMap((section) =>
    keymap
      .filter((binding) => binding.section === section)
      .map(({ show, does }) => `| ${section} | \`${escaped(show)}\` | ${escaped(does)} |`),
  );
  return ['| | key | does |', '|---|---|---|', ...rows].join('\n');
}
