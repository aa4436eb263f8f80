import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openResults } from '../../../source/engine/index.ts';
import { extensionOf } from '../../../source/engine/results/file-name.ts';
import { runFinished, started, taskFinished } from '../support/events.ts';
import { temporaryDirectory } from '../support/temporary.ts';

describe('results', () => {
  it('are a file per task and a summary that names them', async () => {
    const directory = join(temporaryDirectory(), 'out');
    const results = openResults({ directory });
    results.take(started());
    results.take(
      taskFinished('a', { output: '```python\nprint(1)\n```', type: 'code_generation' }),
    );
    results.take(runFinished());
    await results.close();
    expect(readFileSync(join(directory, 'a.py'), 'utf8')).toBe('print(1)\n');
    const summary: unknown = JSON.parse(readFileSync(join(directory, 'summary.json'), 'utf8'));
    expect(summary).toMatchObject({
      projectId: 'p-1',
      status: 'success',
      tasks: [{ taskId: 'a', status: 'accepted', file: 'a.py' }],
    });
  });

  it('stay inside their directory, whatever a task is called', async () => {
    const base = temporaryDirectory();
    const directory = join(base, 'out');
    const results = openResults({ directory });
    for (const id of ['../../escape', '/etc/x', '..', 'a/b', 'a\\b']) {
      results.take(taskFinished(id));
    }
    await results.close();
    expect(readdirSync(base)).toEqual(['out']);
    expect(readdirSync(directory)).toHaveLength(5);
  });

  it('replace a link rather than follow it', async () => {
    const directory = temporaryDirectory();
    const target = join(directory, 'precious.txt');
    writeFileSync(target, 'precious');
    symlinkSync(target, join(directory, 'a.md'));
    const results = openResults({ directory });
    results.take(taskFinished('a'));
    await results.close();
    expect(readFileSync(target, 'utf8')).toBe('precious');
    expect(lstatSync(join(directory, 'a.md')).isSymbolicLink()).toBe(false);
  });

  it('do not overwrite one another or the summary', async () => {
    const directory = temporaryDirectory();
    const results = openResults({ directory });
    results.take(taskFinished('Same', { output: 'one' }));
    results.take(taskFinished('same', { output: 'two' }));
    results.take(taskFinished('summary', { output: '{"a": 1}', type: 'data_extraction' }));
    await results.close();
    expect(readdirSync(directory).toSorted()).toEqual(['Same.md', 'same-2.md', 'summary-2.json']);
  });

  it('say so when they cannot be written', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    const results = openResults({ directory: join(file, 'out') });
    results.take(taskFinished('a'));
    await expect(results.close()).rejects.toMatchObject({ code: 'results-unwritable' });
    expect(existsSync(file)).toBe(true);
  });

  it.each([
    ['```ts\nlet a = 1;\n```', 'code_generation', '.ts'],
    ['```\nplain\n```', 'code_generation', '.md'],
    ['Text with ```js\ncode\n``` inside', 'code_generation', '.md'],
    ['{"a": 1}', 'summarization', '.json'],
    ['{ not json', 'summarization', '.md'],
    ['"text"', 'data_extraction', '.json'],
    ['Some prose.', 'creative_writing', '.md'],
    ['```__proto__\nx\n```', 'code_generation', '.md'],
  ])('call %j of %s a %s file', (output, taskType, extension) => {
    expect(extensionOf(output, taskType)).toBe(extension);
  });
});
