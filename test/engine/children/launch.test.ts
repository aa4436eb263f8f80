import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../scripts/bundle.ts';
import { validatorSchema } from '../../../source/engine/index.ts';
import { commandProblem } from '../../../source/engine/validators/run-command.ts';
import { validate, type CheckOptions } from '../../../source/engine/validators/index.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** A number of seconds that no other process here sleeps for. */
const marker = String(7_000_000 + process.pid);
const scratch = (): string => join(temporaryDirectory(), 'scratch');

function check(
  command: unknown,
  more: { timeoutSeconds?: number; home?: string } & Partial<CheckOptions> = {},
): Promise<string[]> {
  const { timeoutSeconds = 20, home, ...options } = more;
  const given = {
    kind: 'command',
    command,
    timeoutSeconds,
    ...(home === undefined ? {} : { home }),
  };
  return validate([validatorSchema.parse(given)], '```py\nprint(1)\n```', {
    taskType: 'code_generation',
    secrets: [],
    scratchDirectory: scratch(),
    ...options,
  });
}

/** Processes that sleep for the marker, wherever they are. */
function sleepers(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(marker);
      } catch {
        return false;
      }
    });
}

describe('a command', () => {
  beforeEach(() => {
    process.env['TEST_API_KEY'] = 'key-of-the-user';
    process.env['TEST_UNSUSPICIOUS'] = 'key-of-the-user';
  });
  afterEach(() => {
    delete process.env['TEST_API_KEY'];
    delete process.env['TEST_UNSUSPICIOUS'];
    for (const pid of sleepers()) process.kill(Number(pid), 'SIGKILL');
  });

  it('sees no key in its environment nor in that of its parent', async () => {
    const proof = join(temporaryDirectory(), 'proof');
    const problems = await check(`env > ${proof}; cat /proc/$PPID/environ >> ${proof}`);
    expect(problems).toEqual([]);
    const seen = readFileSync(proof, 'utf8');
    expect(seen).toContain('PATH=');
    expect(seen).not.toContain('key-of-the-user');
    expect(seen).not.toContain('NODE_OPTIONS');
  });

  it('gets a scratch folder of its own that is its HOME, and that is gone afterwards', async () => {
    const proof = join(temporaryDirectory(), 'proof');
    const script = `pwd; echo "$HOME"; echo "$TMPDIR"; ls; cat "$OUTPUT_FILE"; cat; stat -c %a .`;
    const scratchDirectory = scratch();
    await check(`(${script}) > ${proof}`, { scratchDirectory });
    const [pwd = '', home, temporary, ...rest] = readFileSync(proof, 'utf8').trim().split('\n');
    expect(pwd).toMatch(/\/scratch\/check-[\w-]+$/);
    expect([home, temporary]).toEqual([pwd, pwd]);
    expect(rest).toEqual(['output.py', 'print(1)', 'print(1)', '700']);
    expect(readdirSync(scratchDirectory)).toEqual([]);
  });

  it("finds the user's own HOME where that is asked for", async () => {
    const proof = join(temporaryDirectory(), 'proof');
    await check(`echo "$HOME" > ${proof}`, { home: 'real' });
    expect(readFileSync(proof, 'utf8').trim()).toBe(homedir());
  });

  it.each([
    ['in its group', `sleep ${marker} &`],
    ['in a session of its own', `setsid sleep ${marker} &`],
    ['without its environment', `setsid env -i sleep ${marker} &`],
    ['elsewhere', `(cd / && setsid sleep ${marker}) &`],
    ['twice removed', `sh -c 'setsid sh -c "setsid sleep ${marker} & sleep ${marker}" &' &`],
  ])('that succeeds leaves no process behind %s', async (_, command) => {
    expect(await check(`${command} true`)).toEqual([]);
    expect(sleepers()).toEqual([]);
  });

  it('that takes too long is ended with all it started', async () => {
    const command = `trap "" TERM INT HUP; setsid sleep ${marker} & sleep ${marker}`;
    const problems = await check(command, { timeoutSeconds: 0.5 });
    expect(problems).toEqual([expect.stringContaining('took longer than 0.5 s')]);
    expect(sleepers()).toEqual([]);
  });

  it('ends with the run', async () => {
    const controller = new AbortController();
    const scratchDirectory = scratch();
    const checking = check(`setsid sleep ${marker} & sleep ${marker}`, {
      signal: controller.signal,
      scratchDirectory,
    });
    await expect.poll(() => sleepers().length).toBeGreaterThanOrEqual(2);
    controller.abort(new Error('over'));
    expect(await checking).toEqual([]);
    expect(sleepers()).toEqual([]);
    expect(readdirSync(scratchDirectory)).toEqual([]);
  });

  it('ends when the program that started it is killed', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'dist', 'checks.mjs');
    await bundleProgram('test/engine/children/checks.ts', file);
    execFileSync('cp', ['dist/launcher.js', 'dist/inspection-worker.js', join(directory, 'dist')]);
    const scratchDirectory = join(directory, 'scratch');
    const program = spawn(process.execPath, [file, scratchDirectory, `sleep ${marker}`]);
    onTestFinished(() => {
      program.kill('SIGKILL');
    });
    await expect.poll(() => sleepers().length, { timeout: 10_000 }).toBeGreaterThan(1);
    program.kill('SIGKILL');
    await expect.poll(sleepers, { timeout: 10_000 }).toEqual([]);
    await expect.poll(() => readdirSync(scratchDirectory)).toEqual([]);
  });

  it('that ends the process which watches it has failed, and leaves nothing all the same', async () => {
    const scratchDirectory = scratch();
    const command = `setsid sleep ${marker} & kill -9 $PPID; sleep ${marker}`;
    const problems = await check(command, { scratchDirectory });
    expect(problems).toEqual([expect.stringContaining('ended the process that watches it')]);
    expect(sleepers()).toEqual([]);
    expect(readdirSync(scratchDirectory)).toEqual([]);
  });

  it('that writes without end, or takes its own rights away, does no harm', async () => {
    const scratchDirectory = scratch();
    const command =
      'mkfifo pipe; mkdir -p a/b; echo x > a/b/c; chmod 0 a/b a; yes | head -c 50000000; exit 3';
    const [problem = ''] = await check(command, { scratchDirectory });
    expect(problem).toMatch(/ended with 3: y/);
    expect(problem.length).toBeLessThan(5000);
    expect(readdirSync(scratchDirectory)).toEqual([]);
  });

  it('finds nothing that a machine which stopped has left', async () => {
    const scratchDirectory = scratch();
    const [old, young] = [join(scratchDirectory, 'check-old'), join(scratchDirectory, 'check-new')];
    for (const path of [old, young]) mkdirSync(path, { recursive: true, mode: 0o700 });
    writeFileSync(join(old, 'left'), '');
    utimesSync(old, 0, 0);
    await check('true', { scratchDirectory });
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  });

  it("is left out where its scratch folder is not the user's own, and nobody is blamed", async () => {
    const elsewhere = temporaryDirectory();
    const scratchDirectory = join(temporaryDirectory(), 'link');
    execFileSync('ln', ['-s', elsewhere, scratchDirectory]);
    const skipped: string[] = [];
    const onSkipped = (message: string): number => skipped.push(message);
    expect(await check('false', { scratchDirectory, onSkipped })).toEqual([]);
    expect(skipped).toEqual([expect.stringContaining('not a folder of your own')]);
  });

  it('is left out with a sentence on Windows, where nothing could end what it leaves', async () => {
    const skipped: string[] = [];
    const problem = await commandProblem('false', {
      output: 'x = 1',
      taskType: 'code_generation',
      timeoutSeconds: 1,
      platform: 'win32',
      onSkipped: (message) => skipped.push(message),
    });
    expect(problem).toBeUndefined();
    expect(skipped).toEqual([expect.stringContaining('run this in WSL')]);
  });
});
