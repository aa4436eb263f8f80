import { messageOf, OrchestratorError } from '../../domain/errors.ts';
import { hasCode } from '../../files/error-code.ts';
import { createOutcomesBuilder, type Outcomes } from './outcomes.ts';
import { parseCsv } from './parse-csv.ts';
import { parseJsonArray, parseJsonLines } from './parse-json.ts';
import { openOutcomeText, type OutcomeText } from './outcome-text.ts';
import { OutcomeFileError, problem, type RowSink } from './row.ts';

/**
 * Reads a file of outcomes as a stream: only the numbers stay in memory. CSV with whatever separates its
 * columns, JSON Lines, or an array of JSON objects, recognised by its beginning. Rejects with an
 * {@link OutcomeFileError} that names the place of the first thing wrong.
 */
export async function readOutcomes(
  path: string,
  onProgress?: (share: number) => void,
): Promise<Outcomes> {
  let text: OutcomeText | undefined;
  try {
    text = await openOutcomeText(path, (bytes, size) => onProgress?.(Math.min(1, bytes / size)));
    const { format, pieces } = text;
    const builder = createOutcomesBuilder();
    const sink: RowSink = (outcome, place) => {
      if (builder.add(outcome)) return;
      const what = `item ${outcome.item} of ${outcome.taskType} already has an outcome of ${outcome.model}; keep one of them`;
      throw problem(path, place, what);
    };
    if (format.kind === 'csv') await parseCsv(path, pieces, format, sink);
    else await (format.kind === 'json-array' ? parseJsonArray : parseJsonLines)(path, pieces, sink);
    return checked(path, builder.finish());
  } catch (error) {
    if (error instanceof OrchestratorError) throw error;
    throw unreadable(path, error);
  } finally {
    await text?.close();
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
