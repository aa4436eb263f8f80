import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openResults } from '../../../source/engine/index.ts';
import { resultFileName, resultFileOf } from '../../../source/engine/results/file-name.ts';
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
    expect(readFileSync(join(directory, 'task-a.result.py'), 'utf8')).toBe('print(1)\n');
    const summary: unknown = JSON.parse(readFileSync(join(directory, 'summary.json'), 'utf8'));
    expect(summary).toMatchObject({
      projectId: 'p-1',
      status: 'success',
      tasks: [{ taskId: 'a', status: 'accepted', file: 'task-a.result.py' }],
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

  it('leave alone what has their name already: a file, a folder, a link, a link to nowhere', async () => {
    const directory = temporaryDirectory();
    const target = join(directory, 'precious.txt');
    writeFileSync(target, 'precious');
    symlinkSync(target, join(directory, 'task-a.result.md'));
    symlinkSync(join(directory, 'nowhere'), join(directory, 'task-a-2.result.md'));
    mkdirSync(join(directory, 'task-a-3.result.md'));
    writeFileSync(join(directory, 'summary.json'), 'mine');
    const results = openResults({ directory });
    results.take(taskFinished('a', { output: 'ours' }));
    results.take(runFinished());
    await results.close();
    expect(readFileSync(target, 'utf8')).toBe('precious');
    expect(lstatSync(join(directory, 'task-a.result.md')).isSymbolicLink()).toBe(true);
    expect(existsSync(join(directory, 'nowhere'))).toBe(false);
    expect(readFileSync(join(directory, 'task-a-4.result.md'), 'utf8')).toBe('ours\n');
    expect(readFileSync(join(directory, 'summary.json'), 'utf8')).toBe('mine');
    expect(readFileSync(join(directory, 'summary-2.json'), 'utf8')).toContain('task-a-4.result.md');
    expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('replace an earlier version of their own, also one of an earlier part of the run', async () => {
    const directory = temporaryDirectory();
    const runDirectory = temporaryDirectory();
    const write = async (output: string): Promise<void> => {
      const results = openResults({ directory, runDirectory });
      results.take(taskFinished('a', { output }));
      results.take(runFinished());
      await results.close();
    };
    await write('one');
    await write('two');
    expect(readdirSync(directory).toSorted()).toEqual(['summary.json', 'task-a.result.md']);
    expect(readFileSync(join(directory, 'task-a.result.md'), 'utf8')).toBe('two\n');
    expect(statSync(join(runDirectory, 'results.jsonl')).mode & 0o777).toBe(0o600);
    writeFileSync(join(directory, 'task-a.result.md'), 'edited');
    await write('three');
    expect(readFileSync(join(directory, 'task-a.result.md'), 'utf8')).toBe('edited');
    expect(readFileSync(join(directory, 'task-a-2.result.md'), 'utf8')).toBe('three\n');
    // As long as what was written, and yet another.
    writeFileSync(join(directory, 'task-a-2.result.md'), 'THREE\n');
    await write('four');
    expect(readFileSync(join(directory, 'task-a-2.result.md'), 'utf8')).toBe('THREE\n');
    expect(readFileSync(join(directory, 'task-a-3.result.md'), 'utf8')).toBe('four\n');
  });

  it('do not overwrite one another or the summary', async () => {
    const directory = temporaryDirectory();
    const results = openResults({ directory });
    results.take(taskFinished('Same', { output: 'one' }));
    results.take(taskFinished('same', { output: 'two' }));
    results.take(taskFinished('sam\u{0065}\u{0301}', { output: 'three' }));
    results.take(taskFinished('sam\u{00e9}', { output: 'four' }));
    results.take(taskFinished('summary', { output: '{"a": 1}', type: 'data_extraction' }));
    await results.close();
    expect(readdirSync(directory).map((name) => name.toLowerCase())).toHaveLength(
      new Set(readdirSync(directory).map((name) => name.toLowerCase())).size,
    );
    expect(readdirSync(directory)).toEqual(
      expect.arrayContaining([
        'task-Same.result.md',
        'task-same-2.result.md',
        'task-summary.result.json',
      ]),
    );
    expect(readdirSync(directory)).toHaveLength(5);
  });

  it('have names that no other program acts on, whatever a model chose', () => {
    const languages = fc.constantFrom('yaml', 'json', 'python', 'ts', 'sh', 'go', '', 'toml');
    const ids = fc.oneof(
      fc.constantFrom(
        'orchestrator',
        'package',
        '.npmrc',
        '.git',
        'Makefile',
        'conftest',
        'test_x',
        'x_test',
        'CLAUDE',
        'Dockerfile',
        'CON',
        'nul.txt',
        'x.test',
        'x.config',
        '..',
        '',
        '-rf',
      ),
      fc.string({ unit: 'binary', maxLength: 300 }),
    );
    fc.assert(
      fc.property(ids, languages, fc.integer({ min: 1, max: 999 }), (id, language, copy) => {
        const output = `\`\`\`${language}\n1\n\`\`\``;
        const name = resultFileName(id, resultFileOf(output, 'code_generation').extension, copy);
        expect(name).toMatch(/^task-[A-Za-z0-9_-]*\.result\.[a-z]+$/);
        expect(name.length).toBeLessThan(200);
      }),
    );
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
    expect(resultFileOf(output, taskType).extension).toBe(extension);
  });
});
