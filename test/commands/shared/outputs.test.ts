import { closeSync, openSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { launcher, openProgram } from '../../support/program.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const somewhere = () => {
  const directory = temporaryDirectory();
  return {
    environment: { ORCHESTRATOR_CACHE_DIR: directory, HOME: directory },
    workingDirectory: directory,
  };
};

const drawAnew = '\f';

describe('a terminal that takes no more output', () => {
  it.each([
    ['q', { exitCode: 0, signal: 0 }],
    ['SIGTERM', { signal: 15 }],
  ])('holds nobody who leaves by %s', async (by, end) => {
    const terminal = openProgram(['dashboard'], { ...somewhere(), columns: 200, rows: 60 });
    await terminal.waitFor('q quit');
    terminal.pty.pause();
    // Far more than a terminal's driver keeps.
    for (let frame = 0; frame < 400; frame += 1) terminal.send(drawAnew);
    const exited = new Promise((resolve) => {
      terminal.pty.onExit(resolve);
    });
    if (by === 'SIGTERM') process.kill(terminal.pty.pid, by);
    else terminal.send(by);
    const isGone = () => {
      try {
        process.kill(terminal.pty.pid, 0);
        return false;
      } catch {
        return true;
      }
    };
    await expect.poll(isGone, { timeout: 15_000 }).toBe(true);
    terminal.pty.resume();
    expect(await exited).toMatchObject(end);
  });
});

describe('output that cannot be written', () => {
  it.skipIf(process.platform !== 'linux')('is one sentence with its remedy', async () => {
    const { environment, workingDirectory } = somewhere();
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [launcher, '--help'], {
      env: { PATH: process.env['PATH'], ...environment },
      cwd: workingDirectory,
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const code = await new Promise((resolve) => {
      child.on('close', resolve);
    });
    expect(code).toBe(1);
    expect(said).toMatch(
      /^The output cannot be written \(.*no space.*\): free some space, .*\.\n$/,
    );
  });
});
