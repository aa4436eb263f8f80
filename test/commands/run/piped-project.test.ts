import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { expect, it } from 'vitest';
import { launcher } from '../../support/program.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

function runWith(input: string | Buffer) {
  const directory = temporaryDirectory();
  const argv = ['run', '--simulate', '--json', '--file', '-', '--budget', '1'];
  return spawnSync(process.execPath, [launcher, ...argv], {
    input,
    cwd: directory,
    env: { PATH: process.env['PATH'], HOME: directory },
    encoding: 'utf8',
  });
}

it('runs a project that is piped in', () => {
  const { stdout, stderr } = runWith('project: A haiku\ncriteria: Three lines\n');
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^\{"type":"run-started"/);
  expect(stdout).toContain('"type":"run-finished"');
});

it.each([
  ['a mistake', 'project: A haiku\n', 'standard input'],
  ['nothing', '', 'standard input'],
  ['no text', Buffer.from([0xff, 0xfe, 0xff, 0xfd, 0x00]), 'is not text in UTF-8'],
])('says in one sentence what is wrong with %s', (_, input, sentence) => {
  const { status, stdout, stderr } = runWith(input);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain(sentence);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});
