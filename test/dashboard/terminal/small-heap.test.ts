import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { expect, it } from 'vitest';

it('asks for nothing that this Node does not know, which it would write into the screen', () => {
  const file = new URL('../../../source/dashboard/terminal/small-heap.ts', import.meta.url);
  const script = `import { favourMemory } from ${JSON.stringify(file.href)}; favourMemory();`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
