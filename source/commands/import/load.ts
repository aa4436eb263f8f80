import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { escapedJson } from '../../dashboard/output/print.ts';
import { TelemetryError } from '../../domain/errors.ts';
import { hasHiddenCharacters } from '../../domain/hidden-characters.ts';
import type { ImportedRecord, Importer } from '../../telemetry/transfer/index.ts';
import { reasonOf } from './own-record.ts';
import type { Rejected } from './rejected.ts';
import { Rejection, shown } from './rejection.ts';
import type { TakeRecords } from './reader.ts';

/** Written in one transaction: short enough for other programs to write between two. */
const batchSize = 20_000;
/** How long a database that another program holds is waited for, in milliseconds. */
const lockedForMs = 60_000;
const retryEveryMs = 200;

export type Counts = { added: number; known: number; passedOver: number };

/** Takes records into a history as they are read. */
export type Loader = {
  take: TakeRecords;
  /** Writes a full batch; whether to go on. To be called often. */
  pause: () => Promise<boolean>;
  /** Writes what is left. */
  finish: () => Promise<void>;
  readonly counts: Counts;
};

/** Fields of any kind of record that name something. */
const names = [
  'projectId',
  'taskId',
  'taskType',
  'model',
  'reviewer',
  'provider',
  'servedModel',
  'subjectModel',
  'callId',
  'responseId',
  'source',
  'outcome',
] as const;

/**
 * Of any format: names that look like others, and what terminals take for commands, are no names. A copy of
 * what was recorded once is complete, whatever names an earlier version took.
 */
function refuseHidden({ fields, call, isCopy = false }: ImportedRecord): void {
  if (isCopy) return;
  for (const name of names) {
    const value = call?.[name] ?? fields[name];
    if (typeof value === 'string' && hasHiddenCharacters(value)) {
      throw new Rejection(
        `${name} ${visible(value)} has a control character, or another that cannot be seen: take it out`,
      );
    }
  }
}

/** Written as in JSON, what cannot be seen by its number. */
const visible = (text: string): string => escapedJson(shown(text));

export function createLoader({
  importer,
  rejected,
  signal,
  onProgress,
}: {
  importer: Importer;
  rejected: Rejected;
  signal: AbortSignal;
  onProgress: () => void;
}): Loader {
  const counts: Counts = { added: 0, known: 0, passedOver: 0 };

  const count = ({ added, known }: { added: number; known: number }): void => {
    counts.added += added;
    counts.known += known;
  };

  const commit = async (): Promise<void> => {
    const until = Date.now() + lockedForMs;
    for (;;) {
      try {
        count(await importer.commit());
        return;
      } catch (error) {
        const mayPass = error instanceof TelemetryError && error.code === 'locked';
        if (!mayPass || Date.now() > until) throw error;
        await wait(retryEveryMs);
      }
    }
  };

  const add = (line: number, record: ImportedRecord): void => {
    refuseHidden(record);
    const field = importer.add(record);
    if (field !== undefined) rejected.add(line, reasonOf(field, record));
  };

  return {
    take(line, recordsOf) {
      try {
        const records = recordsOf();
        if (records?.length === 0) counts.passedOver += 1;
        for (const record of records ?? []) add(line, record);
      } catch (error) {
        if (!(error instanceof Rejection)) throw error;
        rejected.add(line, error.message);
      }
    },
    async pause() {
      if (importer.waiting >= batchSize) await commit();
      onProgress();
      // Signals come in between.
      await turn();
      return !signal.aborted;
    },
    finish: commit,
    counts,
  };
}
