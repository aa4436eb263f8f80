import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  checkedOutputDirectory,
  emptyOutputDirectory,
} from '../../../source/commands/run/output-directory.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { createWorld } from '../support/world.ts';

const run = ['run', '--project', 'p', '--criteria', 'c', '--project-id', 'mine'];

const choose = (
  directory: string,
  options: { earlier?: string; confirm?: (question: string) => Promise<boolean> } = {},
): Promise<string> =>
  emptyOutputDirectory({
    directory,
    path: 'out',
    projectId: 'mine',
    earlier: options.earlier,
    confirm: options.confirm,
  });

describe('--output-dir', () => {
  it('is refused where it holds files, before anything is spent, with what to do', async () => {
    const world = await createWorld();
    const before = readFileSync(join(world.directory, 'orchestrator.yaml'), 'utf8');
    writeFileSync(join(world.directory, 'readme.md'), 'MINE');
    const { exitCode, stdout, stderr } = await world.run([...run, '--output-dir', '.']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toBe(
      '. holds files already (orchestrator.yaml and 1 more), and results never replace what is there: give a new or empty folder, as in --output-dir mine.\n',
    );
    expect(world.server.asked).toEqual([]);
    expect(readFileSync(join(world.directory, 'orchestrator.yaml'), 'utf8')).toBe(before);
    expect(readFileSync(join(world.directory, 'readme.md'), 'utf8')).toBe('MINE');
  });

  it('takes a folder that is empty, new, or only kept by its .gitkeep', async () => {
    const top = temporaryDirectory();
    mkdirSync(join(top, 'kept'));
    writeFileSync(join(top, 'kept', '.gitkeep'), '');
    for (const path of [join(top, 'kept'), join(top, 'new', 'deep')]) {
      expect(await choose(path)).toBe(path);
    }
    expect(await choose(temporaryDirectory())).toContain('orchestrator-test-');
  });

  it('is refused where a link leads nowhere, which could not be made later', () => {
    const top = temporaryDirectory();
    symlinkSync(join(top, 'gone', 'away'), join(top, 'link'));
    for (const path of ['link', 'link/inside']) {
      expect(() => checkedOutputDirectory(path, top)).toThrow(
        /^Results cannot be written to .*link is a link to what is not there.*--output-dir\.$/,
      );
    }
  });

  it('is where a link leads, from the beginning', async () => {
    const top = temporaryDirectory();
    mkdirSync(join(top, 'real'));
    symlinkSync(join(top, 'real'), join(top, 'link'));
    expect(await choose(join(top, 'link'))).toBe(join(top, 'real'));
  });

  it('asks in a terminal, and then uses a folder of the run inside it', async () => {
    const top = temporaryDirectory();
    writeFileSync(join(top, 'a'), '');
    const questions: string[] = [];
    const confirm = async (question: string): Promise<boolean> => {
      questions.push(question);
      return true;
    };
    expect(await choose(top, { confirm })).toBe(join(top, 'mine'));
    expect(questions).toEqual([
      'out holds files already (a), and results never replace what is there. Write them to out/mine instead?',
    ]);
    await expect(choose(top, { confirm: async () => false })).rejects.toMatchObject({
      code: 'results-exist',
    });
    mkdirSync(join(top, 'mine'));
    writeFileSync(join(top, 'mine', 'b'), '');
    await expect(choose(top, { confirm })).rejects.toMatchObject({ code: 'results-exist' });
  });

  it('may hold the results of an earlier part of the run, which go on there by themselves', async () => {
    const world = await createWorld();
    const out = join(world.directory, 'out');
    await world.run([...run, '--output-dir', 'out', '--budget', '0.0001']);
    const resumed = await world.run(['run', '--resume', 'mine', '--budget', '5']);
    expect(resumed).toMatchObject({ exitCode: 0 });
    expect(resumed.stdout).toContain(`Results: ${out}`);
    expect(readdirSync(out)).toEqual(
      expect.arrayContaining(['summary.json', 'task-first.result.md', 'task-second.result.md']),
    );
    expect(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))).toMatchObject({
      status: 'success',
    });
    expect(await choose(out, { earlier: out })).toBe(out);
  });

  it('is refused where it holds files, also of a run that wrote elsewhere before', async () => {
    const top = temporaryDirectory();
    writeFileSync(join(top, 'a'), '');
    await expect(choose(top, { earlier: join(temporaryDirectory(), 'out') })).rejects.toThrow(
      /holds files already \(a\)/,
    );
    expect(await choose(top, { earlier: top })).toBe(top);
  });

  it('takes ~ for the home folder', () => {
    expect(checkedOutputDirectory('~', '/tmp')).not.toContain('~');
  });
});
