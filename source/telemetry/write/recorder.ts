import type { ModelCall, ResultOutcome } from '../../domain/model-call.ts';
import type { ModelProfile, ProfileSnapshot } from '../../domain/profile.ts';
import type { Clock } from '../../domain/runtime.ts';
import type { TaskResult } from '../../domain/task-result.ts';
import type { TaskType } from '../../domain/task-type.ts';
import type { Row, RowKind } from './rows.ts';
import { validateCall, validateEvent, validateOutcome, validateSnapshot } from './validate.ts';
import type { WriteQueue } from './write-queue.ts';

/** Counts of records of one store. `recorded` = `written` + `spooled` + `lost` + those still underway. */
export type StoreStatistics = {
  /** Passed validation. */
  recorded: number;
  /** In the database. */
  written: number;
  /** Did not pass validation: a number that cannot be true, or a name that is no text. */
  refused: number;
  /** Waiting in the spool. */
  spooled: number;
  lost: number;
};

/** Recording of one store: returns at once, and never throws. */
export type Recorder = {
  recordRoutingEvent(projectId: string, taskId: string, result: TaskResult): void;
  recordSnapshot(projectId: string, model: string, taskType: TaskType, profile: ModelProfile): void;
  /** All snapshots of a run, in one transaction. */
  recordSnapshots(projectId: string, snapshots: readonly ProfileSnapshot[]): void;
  /** A request to a model that is over; one whose `callId` the project has already is passed over. */
  recordCall(projectId: string, call: ModelCall): void;
  /** What was found of a result afterwards; the last word of each source counts. */
  recordOutcome(projectId: string, taskId: string, outcome: ResultOutcome): void;
  stats(): StoreStatistics;
};

export function createRecorder({
  queue,
  unavailable,
  now,
  notify,
}: {
  /** Undefined of a store that only reads. */
  queue: WriteQueue | undefined;
  /** Why nothing can be recorded now; undefined where it can. */
  unavailable: () => string | undefined;
  now: Clock;
  /** Hears of the first record that is refused, in one sentence. */
  notify: (message: string) => void;
}): Recorder {
  const counts = { recorded: 0, refused: 0 };
  let hasNotified = false;

  const refuse = (why: string): void => {
    counts.refused += 1;
    if (hasNotified) return;
    hasNotified = true;
    notify(
      `A record was refused because of its ${why}: see the count of refused records, and check what reports it.`,
    );
  };

  const record = (kind: RowKind, validations: readonly (() => Row | string)[]): void => {
    const accepted: Row[] = [];
    const trouble = unavailable();
    for (const validate of validations) {
      const row = trouble ?? guarded(validate);
      if (typeof row === 'string') refuse(row);
      else accepted.push(row);
    }
    counts.recorded += accepted.length;
    queue?.add(kind, accepted);
  };

  return {
    recordRoutingEvent: (projectId, taskId, result) =>
      record('events', [() => validateEvent(projectId, taskId, result, now())]),
    recordSnapshot: (projectId, model, taskType, profile) =>
      record('snapshots', [() => validateSnapshot(projectId, { model, taskType, profile }, now())]),
    recordSnapshots: (projectId, snapshots) =>
      record(
        'snapshots',
        snapshots.map((snapshot) => () => validateSnapshot(projectId, snapshot, now())),
      ),
    recordCall: (projectId, call) => record('calls', [() => validateCall(projectId, call, now())]),
    recordOutcome: (projectId, taskId, outcome) =>
      record('outcomes', [() => validateOutcome(projectId, taskId, outcome, now())]),
    stats() {
      const { written, spooled, lost, refused } = queue?.counts() ?? noCounts;
      return { ...counts, refused: counts.refused + refused, written, spooled, lost };
    },
  };
}

const noCounts = { written: 0, spooled: 0, lost: 0, refused: 0 };

/** A value from plain JavaScript may be anything, even something that throws when looked at. */
function guarded(validate: () => Row | string): Row | string {
  try {
    return validate();
  } catch {
    return 'shape';
  }
}
