import { expect, it } from 'vitest';
import { startProgram } from './support/program.ts';
import { temporaryDirectory } from './support/temporary.ts';

const olderNode =
  'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "20.20.2" })';

it('says what it needs on a Node that is too old, and loads nothing', async () => {
  const directory = temporaryDirectory();
  const program = startProgram(['demo'], {
    environment: { HOME: directory },
    workingDirectory: directory,
    nodeFlags: ['--import', olderNode],
  });
  expect((await program.ended).exitCode).toBe(1);
  expect(program.stdout()).toBe('');
  expect(program.stderr()).toBe(
    'orchestrator needs Node.js 22.13 or newer, and this is 20.20.2: install a current Node.js and try again.\n',
  );
});

it('ends quietly when the reader of its output leaves', async () => {
  const directory = temporaryDirectory();
  const program = startProgram(['--help'], {
    environment: { HOME: directory },
    workingDirectory: directory,
  });
  program.child.stdout?.destroy();
  expect((await program.ended).exitCode).toBe(0);
  expect(program.stderr()).toBe('');
});
