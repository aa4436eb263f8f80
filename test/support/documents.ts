import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export type CodeBlock = { language: string; code: string };

export type Document = {
  /** Below the root, with slashes. */
  path: string;
  folder: string;
  text: string;
  blocks: CodeBlock[];
  /** What stands in `backticks` outside of blocks. */
  inline: string[];
};

/** Every page that people read. */
export const documents: readonly Document[] = [
  ...readdirSync(root, { encoding: 'utf8' }).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
].map(readDocument);

function readDocument(path: string): Document {
  const text = readFileSync(join(root, path), 'utf8');
  const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(
    ([, language = '', code = '']) => ({ language, code }),
  );
  const prose = text.replaceAll(/^```.*?^```$/gms, '');
  const inline = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, words = '']) => words);
  return { path, folder: dirname(path), text, blocks, inline };
}

/** The folders in which something that a page names may lie. */
const parts = ['bench', 'docs', 'examples', 'scripts', 'source', 'test'];

/** Every file of the project that pages speak of, below the root, with slashes. */
export const projectFiles: readonly string[] = [
  ...readdirSync(root, { encoding: 'utf8' }),
  ...parts.flatMap((part) =>
    readdirSync(join(root, part), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${part}/${name.replaceAll('\\', '/')}`,
    ),
  ),
];

/** The words of a command line, as a shell would part them, without what it would expand. */
export function shellWords(line: string): string[] {
  const words = line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g);
  return [...words].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
}
