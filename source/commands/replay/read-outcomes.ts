import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { messageOf, OrchestratorError } from '../../domain/errors.ts';
import { hasCode } from '../../files/error-code.ts';
import { createOutcomesBuilder, type Outcomes } from './outcomes.ts';
import { parseCsv } from './parse-csv.ts';
import { parseJsonLines } from './parse-json-lines.ts';
import { OutcomeFileError, problem, type RowSink } from './row.ts';

/**
 * Reads a file of outcomes, CSV or JSON Lines by its first character, as a stream: only the numbers stay
 * in memory. Rejects with an {@link OutcomeFileError} that names the place of the first thing wrong.
 */
export async function readOutcomes(
  path: string,
  onProgress?: (share: number) => void,
): Promise<Outcomes> {
  try {
    const { size, isJson } = await inspect(path);
    const builder = createOutcomesBuilder();
    const sink: RowSink = (outcome, place) => {
      if (builder.add(outcome)) return;
      const what = `item ${outcome.item} of ${outcome.taskType} already has an outcome of ${outcome.model}; keep one of them`;
      throw problem(path, place, what);
    };
    // Small pieces: buffers are collected late, and large ones add up to tens of megabytes.
    const input = createReadStream(path, { highWaterMark: 16 * 1024 });
    let bytes = 0;
    input.on('data', (chunk) => {
      bytes += chunk.length;
      onProgress?.(size > 0 ? Math.min(1, bytes / size) : 1);
    });
    await (isJson ? parseJsonLines : parseCsv)(path, input, sink);
    return checked(path, builder.finish());
  } catch (error) {
    if (error instanceof OrchestratorError) throw error;
    throw unreadable(path, error);
  }
}

async function inspect(path: string): Promise<{ size: number; isJson: boolean }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(1024), position: 0 });
    const start = buffer.toString('utf8', 0, bytesRead).replace(/^\u{FEFF}/u, '');
    return { size, isJson: start.trimStart().startsWith('{') };
  } finally {
    await file.close();
  }
}

function checked(path: string, outcomes: Outcomes): Outcomes {
  const [first, second] = outcomes.models;
  if (first === undefined) {
    throw new OutcomeFileError('invalid', `${path} holds no outcomes; give it at least one item.`);
  }
  if (second === undefined) {
    throw new OutcomeFileError(
      'invalid',
      `${path} holds outcomes of ${first} only, so there is nothing to choose; add another model's.`,
    );
  }
  return outcomes;
}

function unreadable(path: string, cause: unknown): OutcomeFileError {
  const missing = hasCode(cause, 'ENOENT');
  return missing
    ? new OutcomeFileError('missing', `${path} does not exist; check the path.`, { cause })
    : new OutcomeFileError(
        'unreadable',
        `${path} cannot be read (${messageOf(cause)}); check that it is a readable file.`,
        { cause },
      );
}
