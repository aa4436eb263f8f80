import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const writingProcess = fileURLToPath(new URL('writing-process.ts', import.meta.url));

/** A running {@link writingProcess}, with what it said so far. */
export type WritingProcess = {
  child: ChildProcessWithoutNullStreams;
  /** Tasks that it said are on disk. */
  acknowledged(): number;
  /** Resolves when so many tasks are acknowledged, or at the end. */
  reached(tasks: number): Promise<void>;
  /** Resolves with the exit code (null after a signal) and the last line of output. */
  ended: Promise<{ code: number | null; lastLine: string; errors: string }>;
};

export function startWriting({
  path,
  prefix,
  batches,
  perBatch,
  manner = 'close',
  shell,
}: {
  path: string;
  prefix: string;
  batches: number;
  perBatch: number;
  manner?: 'close' | 'leave';
  /** Shell words that come before the program, for limits. */
  shell?: string;
}): WritingProcess {
  const words = [
    process.execPath,
    writingProcess,
    path,
    prefix,
    String(batches),
    String(perBatch),
    manner,
  ];
  const child =
    shell === undefined
      ? spawn(words[0] ?? '', words.slice(1))
      : spawn('bash', ['-c', `${shell}; exec "$@"`, 'bash', ...words]);
  let acknowledged = 0;
  let lastLine = '';
  let isOver = false;
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    lastLine = line;
    const [word, count] = line.split(' ');
    if (word === 'acknowledged') acknowledged = Number(count);
  });
  lines.once('close', () => {
    isOver = true;
  });
  const ended = (async () => {
    const closed = once(lines, 'close');
    const [code]: (number | null)[] = await once(child, 'exit');
    await closed;
    return { code: code ?? null, lastLine, errors };
  })();
  const reached = (tasks: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (acknowledged >= tasks || isOver) resolve();
      };
      lines.on('line', look).once('close', resolve);
      look();
    });
  return { child, acknowledged: () => acknowledged, reached, ended };
}
