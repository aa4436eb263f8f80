import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands, isCommandName } from '../../source/commands/command-line/commands.ts';
import { parseCommand } from '../../source/commands/command-line/parse.ts';
import { documents, root, shellWords } from '../support/documents.ts';
import { startProgram } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** The command lines of a page's shell blocks, without comments and prompts. */
const linesOf = (code: string): string[] =>
  code
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

/** What stands behind `orchestrator` in a line; undefined of lines that start something else. */
function argumentsIn(line: string): string[] | undefined {
  const [first, ...rest] = shellWords(line.replace(/^(?:[A-Z_]+=\S* )+/, '').replace(/^npx /, ''));
  return first === 'orchestrator' && rest.length > 0 ? rest : undefined;
}

const isShell = ({ language }: { language: string }): boolean => language === 'sh';

describe('commands that pages name', () => {
  it.each(documents)('$path: orchestrator takes them', ({ blocks, inline }) => {
    const lines = [...inline, ...blocks.filter(isShell).flatMap(({ code }) => linesOf(code))];
    const refused = lines.flatMap((line) => {
      // `[FILE]` may be given or not, `COMMAND` is any of them.
      const [name = '', ...rest] = argumentsIn(line.replaceAll(/[[\]]/g, '')) ?? [];
      if (name === '' || name === 'COMMAND' || name.startsWith('-')) return [];
      if (!isCommandName(name)) return [`${line}: no such command`];
      // A command may be spoken of by its name alone.
      if (rest.length === 0) return [];
      try {
        parseCommand(name, rest);
        return [];
      } catch (error) {
        return [`${line}: ${String(error)}`];
      }
    });
    expect(refused).toEqual([]);
  });

  it.each(documents)('$path: npm has their scripts, and bench its parts', ({ text }) => {
    const manifest: { scripts: object } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    );
    const scripts = [...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name);
    const parts = [...text.matchAll(/npm run bench (?:-- )?([a-z]+)/g)].map(([, part]) => part);
    expect(scripts.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
    expect(
      parts.filter(
        (part) =>
          !existsSync(join(root, `bench/${part}.ts`)) &&
          !existsSync(join(root, `bench/${part}/index.ts`)),
      ),
    ).toEqual([]);
  });

  it('are all in the table of the readme', () => {
    const readme = documents.find(({ path }) => path === 'readme.md')?.text ?? '';
    const named = [...readme.matchAll(/^\| `orchestrator (\w+)/gm)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set(Object.keys(commands)));
  });
});

const withoutKeys = (argv: readonly string[]): string[] =>
  argv[0] === 'run' && !argv.includes('--simulate') ? [...argv, '--simulate'] : [...argv];

/** Without keys: a run is simulated, and lines that start something else are left out. */
const runnable = documents.flatMap(({ path, blocks }) =>
  blocks
    .filter(isShell)
    .map(({ code }) => linesOf(code).flatMap((line) => [argumentsIn(line) ?? []]))
    .map((lines) => lines.filter((argv) => argv.length > 0).map(withoutKeys))
    .filter((lines) => lines.length > 0)
    .map((lines, index) => ({ name: `${path}, block ${index + 1}`, lines })),
);

describe('blocks of commands', () => {
  it('are there', () => {
    expect(runnable.length).toBeGreaterThan(1);
  });

  it.each(runnable)('$name works', { timeout: 180_000 }, async ({ lines }) => {
    const directory = temporaryDirectory();
    symlinkSync(join(root, 'examples'), join(directory, 'examples'));
    const environment = { HOME: directory };
    for (const argv of lines) {
      const program = startProgram(argv, { environment, workingDirectory: directory });
      const { exitCode } = await program.ended;
      // A run that came to its end may have a task whose result is only the best that could be had.
      const isOver = argv[0] === 'run' && program.stdout().includes('\nResults: ');
      expect({ argv, works: isOver || exitCode === 0, stderr: program.stderr() }).toEqual({
        argv,
        works: true,
        stderr: '',
      });
    }
  });
});
