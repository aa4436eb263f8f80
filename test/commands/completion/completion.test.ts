import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { commandNames, commands } from '../../../source/commands/command-line/commands.ts';
import { runCommandLine } from '../../support/context.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { openTerminal } from '../../support/terminal.ts';

const run = promisify(execFile);

const has = (shell: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((path) => existsSync(join(path, shell)));

/** A folder with the completion of a shell, and with files that can be completed. */
async function prepared(shell: string) {
  const directory = temporaryDirectory();
  const { stdout } = await runCommandLine(['completion', shell]);
  writeFileSync(join(directory, 'completion'), stdout);
  writeFileSync(join(directory, 'project one.yaml'), '');
  mkdirSync(join(directory, 'projects'));
  return directory;
}

/** What bash offers for the last word, by its own rules of completion. */
async function inBash(...words: string[]): Promise<string[]> {
  const directory = await prepared('bash');
  const script = `source ./completion
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
$(complete -p orchestrator | sed -n 's/.*-F \\([^ ]*\\).*/\\1/p')
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['-c', script, 'bash', ...words], { cwd: directory });
  return stdout.split('\n').filter((line) => line !== '');
}

const inBashSorted = async (...words: string[]): Promise<string[]> =>
  (await inBash(...words)).toSorted();

describe.skipIf(!has('bash'))('in bash', () => {
  it('completes commands', async () => {
    expect(await inBash('orchestrator', '')).toEqual([...commandNames, '--help', '--version']);
    expect(await inBash('orchestrator', 'dash')).toEqual(['dashboard']);
  });

  it.each(commandNames)('completes every flag of %s', async (name) => {
    const known = Object.keys(commands[name].flags).length;
    const flags = await inBash('orchestrator', name, '--');
    expect(flags).toContain('--help');
    expect(flags).toHaveLength(known + 1);
  });

  it('completes files where a file is meant, and arguments by their names', async () => {
    const files = ['project one.yaml', 'projects'];
    expect(await inBashSorted('orchestrator', 'run', '--file', 'proj')).toEqual(files);
    expect(await inBashSorted('orchestrator', 'run', '--file', '=', 'proj')).toEqual(files);
    expect(await inBashSorted('orchestrator', 'replay', 'proj')).toEqual(files);
    expect(await inBash('orchestrator', 'run', '--budget', '')).toEqual([]);
    expect(await inBash('orchestrator', 'explain', 'code_')).toEqual([
      'code_generation',
      'code_review',
    ]);
    expect(await inBash('orchestrator', 'completion', '')).toEqual(
      expect.arrayContaining(['bash', 'zsh', 'fish']),
    );
  });
});

describe.skipIf(!has('fish'))('in fish', () => {
  const inFish = async (line: string): Promise<string[]> => {
    const directory = await prepared('fish');
    const { stdout } = await run(
      'fish',
      ['--no-config', '-c', `source ./completion; complete -C '${line}'`],
      { cwd: directory, env: { ...process.env, HOME: directory } },
    );
    return stdout.split('\n').flatMap((text) => text.split('\t')[0] || []);
  };

  it('completes commands, flags, files and arguments', async () => {
    expect(await inFish('orchestrator dash')).toEqual(['dashboard']);
    expect(await inFish('orchestrator run --out')).toEqual(['--output-dir']);
    expect(await inFish('orchestrator explain code_')).toEqual(['code_generation', 'code_review']);
    expect((await inFish('orchestrator run --file proj')).length).toBe(2);
    expect(await inFish('orchestrator models proj')).toEqual([]);
  });
});

describe.skipIf(!has('zsh'))('in zsh', () => {
  it('completes commands, flags and arguments', async () => {
    const directory = await prepared('zsh');
    const terminal = openTerminal({
      columns: 120,
      rows: 30,
      file: 'zsh',
      args: ['-f'],
      environment: { ...process.env, HOME: directory, PS1: 'READY> ', TERM: 'xterm' },
      workingDirectory: directory,
    });
    try {
      await terminal.waitFor('READY>');
      terminal.send(
        "autoload -Uz compinit && compinit -u -D && source ./completion && print LOAD''ED\r",
      );
      await terminal.waitFor('LOADED');
      terminal.send('orchestrator dash\t');
      await terminal.waitFor('orchestrator dashboard');
      terminal.send('--refr\t');
      await terminal.waitFor('--refresh');
      terminal.send('\u0015orchestrator explain code_g\t');
      await terminal.waitFor('explain code_generation');
      terminal.send('\u0015orchestrator run --file projects\t');
      await terminal.waitFor('--file projects/');
      expect(terminal.text()).not.toContain('not found');
    } finally {
      terminal.close();
    }
  });
});

it('names the shells that it knows where it is asked for another', async () => {
  const { exitCode, stderr } = await runCommandLine(['completion', 'fsh']);
  expect(exitCode).toBe(2);
  expect(stderr).toBe(
    'There is no completion for fsh (did you mean zsh?): use one of bash, zsh, fish.\n',
  );
});
