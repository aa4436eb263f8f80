import type { ModelCall, ResultOutcome } from '../../domain/model-call.ts';
import type { ModelProfile, ProfileSnapshot } from '../../domain/profile.ts';
import type { Clock } from '../../domain/runtime.ts';
import type { Tags } from '../../domain/tags.ts';
import type { TaskRecord } from '../../domain/task-result.ts';
import type { TaskType } from '../../domain/task-type.ts';
import { isName, noRows, type Row } from '../database/columns.ts';
import {
  callsOf,
  onceOf,
  validateCall,
  validateEvent,
  validateOutcome,
  validateSnapshot,
  validateTags,
} from './validate.ts';
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
  /** A finished task; one whose `id` the project has already is passed over. */
  recordRoutingEvent(projectId: string, taskId: string, result: TaskRecord): void;
  recordSnapshot(projectId: string, model: string, taskType: TaskType, profile: ModelProfile): void;
  /** All snapshots of a run, in one transaction. */
  recordSnapshots(projectId: string, snapshots: readonly ProfileSnapshot[]): void;
  /** A request to a model that is over; one whose `callId` the project has already is passed over. */
  recordCall(projectId: string, call: ModelCall): void;
  /** What was found of a result afterwards; the last word of each source counts. */
  recordOutcome(projectId: string, taskId: string, outcome: ResultOutcome): void;
  /** What a task is called by, or all tasks of a project without a `taskId`; of each name the last word counts. */
  recordTags(projectId: string, tags: Tags, taskId?: string): void;
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
  const { counts, refuse, validated, accepted, tagRows } = createGate(queue, unavailable, notify);

  const recordTask = (projectId: string, taskId: string, given: TaskRecord): void => {
    if (given.id !== undefined && !isName(given.id)) {
      refuse('id');
      return;
    }
    const at = given.at ?? now();
    const tags = given.tags === undefined ? [] : tagRows(projectId, taskId, given.tags, at);
    if (tags === undefined) return;
    const events = accepted(() => validateEvent(projectId, taskId, given, at));
    if (events.length === 0) return;
    const calls = callsOf(taskId, given, at).flatMap((call) =>
      accepted(() => validateCall(projectId, call, at)),
    );
    counts.recorded += tags.length;
    if (given.id === undefined) queue?.add({ events, calls, tags });
    else queue?.addOnce(onceOf(projectId, given.id), { ...noRows(), events, calls, tags });
  };

  /** A task without calls, tags and a name of its own: what there is to check waits until it leaves. */
  const recordPlainTask = (projectId: string, taskId: string, given: TaskRecord): void => {
    const why = unavailable();
    if (why !== undefined) {
      refuse(why);
      return;
    }
    // Its caller may change it meanwhile.
    const kept = { ...given };
    const at = given.at ?? now();
    queue?.later(() => {
      queue.add({ events: validated(() => validateEvent(projectId, taskId, kept, at)) });
    });
  };

  const recordSnapshots = (projectId: string, given: readonly ProfileSnapshot[]): void => {
    const snapshots = given.flatMap((snapshot) =>
      accepted(() => validateSnapshot(projectId, snapshot, now())),
    );
    queue?.add({ snapshots });
  };

  return {
    recordRoutingEvent(projectId, taskId, result) {
      try {
        if (isPlain(result)) recordPlainTask(projectId, taskId, result);
        else recordTask(projectId, taskId, result);
      } catch {
        // A value from plain JavaScript may be anything, even something that throws when looked at.
        refuse('shape');
      }
    },
    recordSnapshot: (projectId, model, taskType, profile) =>
      recordSnapshots(projectId, [{ model, taskType, profile }]),
    recordSnapshots,
    recordCall: (projectId, call) =>
      queue?.add({ calls: accepted(() => validateCall(projectId, call, now())) }),
    recordOutcome: (projectId, taskId, outcome) =>
      queue?.add({ outcomes: accepted(() => validateOutcome(projectId, taskId, outcome, now())) }),
    recordTags(projectId, tags, taskId) {
      try {
        const rows = tagRows(projectId, taskId ?? null, tags, now()) ?? [];
        counts.recorded += rows.length;
        queue?.add({ tags: rows });
      } catch {
        refuse('shape');
      }
    },
    stats() {
      const { written, spooled, lost, refused } = queue?.counts() ?? noCounts;
      return { ...counts, refused: counts.refused + refused, written, spooled, lost };
    },
  };
}

/** What may be recorded, and what is refused, with the counts of both. */
function createGate(
  queue: WriteQueue | undefined,
  unavailable: () => string | undefined,
  notify: (message: string) => void,
) {
  const counts = { recorded: 0, refused: 0 };
  let hasNotified = false;

  const refuse = (why: string): void => {
    // The first to be refused is the first that was recorded.
    queue?.settle();
    counts.refused += 1;
    if (hasNotified) return;
    hasNotified = true;
    notify(
      `A record was refused because of its ${why}: see the count of refused records, and check what reports it.`,
    );
  };

  /** The row of a record, in a list that is empty where it is refused. */
  const validated = (validate: () => Row | string): Row[] => {
    const row = guarded(validate);
    if (typeof row === 'string') {
      refuse(row);
      return [];
    }
    counts.recorded += 1;
    return [row];
  };
  /** What is recorded at once comes after all that waits to be looked at. */
  const trouble = (): string | undefined => {
    queue?.settle();
    return unavailable();
  };
  const accepted = (validate: () => Row | string): Row[] =>
    validated(() => trouble() ?? validate());
  /** Undefined where they are refused. */
  const tagRows = (
    projectId: string,
    taskId: string | null,
    tags: unknown,
    at: number,
  ): Row[] | undefined => {
    const rows = trouble() ?? validateTags(projectId, taskId, tags, at);
    if (typeof rows !== 'string') return rows;
    refuse(rows);
    return undefined;
  };
  return { counts, refuse, validated, accepted, tagRows };
}

const noCounts = { written: 0, spooled: 0, lost: 0, refused: 0 };

const isPlain = ({ id, tags, tokens, latencyMs, judge }: TaskRecord): boolean =>
  id === undefined &&
  tags === undefined &&
  tokens === undefined &&
  latencyMs === undefined &&
  judge === undefined;

/** A value from plain JavaScript may be anything, even something that throws when looked at. */
function guarded(validate: () => Row | string): Row | string {
  try {
    return validate();
  } catch {
    return 'shape';
  }
}
