import { basename } from 'node:path';
import { messageOf, OrchestratorError } from '../../domain/errors.ts';
import type { RunEvent, RunEventOf } from '../../domain/run-event.ts';
import { makeFolder } from '../../files/folder.ts';
import { inspect } from '../inspection/index.ts';
import { resultFileName } from './file-name.ts';
import { ownFiles } from './own-files.ts';
import { extendResultsRecord, readResultsRecord } from './record.ts';

/** Writes what a run produced: a file per task as it finishes, and a summary at the end. */
export type ResultsWriter = {
  readonly directory: string;
  /** Takes the events of a run, those of its earlier parts first; returns at once. */
  take: (event: RunEvent) => void;
  /** Everything is written. Rejects with `results-unwritable` where something could not be. */
  close: () => Promise<void>;
};

const summaryName = 'summary.json';
/** Nobody has that many files of one name. */
const mostCopies = 1000;

export function openResults({
  directory,
  runDirectory,
}: {
  directory: string;
  /** Where the run's journal is: what was written is recorded there, for the run to go on. */
  runDirectory?: string;
}): ResultsWriter {
  const files = ownFiles({
    directory,
    earlier: runDirectory === undefined ? new Map() : readResultsRecord(runDirectory).contents,
    onWritten: (content) => {
      if (runDirectory !== undefined) extendResultsRecord(runDirectory, content);
    },
  });
  /** File names by task. */
  const names = new Map<string, string>();
  /** In lower case, since some file systems ignore case. */
  const taken = new Set<string>();
  const statuses = new Map<string, string>();
  const problems: unknown[] = [];
  let started: RunEventOf<'run-started'> | undefined;
  let work = Promise.resolve();

  /** Under the first of the names that is free, or the run's own. */
  async function saveAs(nameOf: (copy: number) => string, content: string): Promise<string> {
    makeFolder(directory);
    for (let copy = 1; copy <= mostCopies; copy += 1) {
      const name = nameOf(copy);
      if (!taken.has(name.toLowerCase()) && (await files.put(name, content))) return name;
    }
    throw new Error(`every name such as ${nameOf(1)} is taken`);
  }

  async function saveTask({ result, output = '' }: RunEventOf<'task-finished'>): Promise<void> {
    const { taskId, taskType } = result;
    const read = await inspect('result-file', { text: output, taskType });
    // An answer that cannot be looked at is a text like any other.
    const { extension, content } = read.ok ? read.value : { extension: '.md', content: output };
    const known = names.get(taskId)?.toLowerCase();
    if (known !== undefined) taken.delete(known);
    const name = await saveAs(
      (copy) => resultFileName(taskId, extension, copy),
      content.endsWith('\n') ? content : `${content}\n`,
    );
    taken.add(name.toLowerCase());
    names.set(taskId, name);
    if (runDirectory !== undefined) extendResultsRecord(runDirectory, { taskId, name });
  }

  async function saveSummary(event: RunEventOf<'run-finished'>): Promise<void> {
    const content = summaryText(event, { started, names, statuses });
    await saveAs((copy) => (copy === 1 ? summaryName : `summary-${copy}.json`), content);
  }

  /** One file after the other: a later version of a file wins. */
  function afterwards(save: () => Promise<void>): void {
    const earlierWork = work;
    work = (async () => {
      await earlierWork;
      try {
        await save();
      } catch (error) {
        problems.push(error);
      }
    })();
  }

  return {
    directory,
    take(event) {
      if (event.type === 'run-started') started = event;
      if (event.type === 'task-finished') {
        statuses.set(event.result.taskId, event.status);
        if (event.output !== undefined) afterwards(() => saveTask(event));
      }
      if (event.type === 'run-finished') afterwards(() => saveSummary(event));
    },
    async close() {
      await work;
      const [problem] = problems;
      if (problem !== undefined) throw unwritable(problem, directory, runDirectory);
    },
  };
}

function unwritable(cause: unknown, directory: string, runDirectory?: string): OrchestratorError {
  const again = runDirectory === undefined ? 'another' : `run --resume ${basename(runDirectory)}`;
  return new OrchestratorError(
    'results-unwritable',
    `Not all results could be written to ${directory} (${messageOf(cause)}): they are in the journal of the run; write them elsewhere with ${again} --output-dir DIR.`,
    { cause },
  );
}

type Known = {
  started: RunEventOf<'run-started'> | undefined;
  names: ReadonlyMap<string, string>;
  statuses: ReadonlyMap<string, string>;
};

function summaryText(event: RunEventOf<'run-finished'>, known: Known): string {
  return `${JSON.stringify(summaryOf(event, known), null, 2)}\n`;
}

function summaryOf(event: RunEventOf<'run-finished'>, known: Known): object {
  const { projectId, status, message, spentUsd, spentByPhase, spentByModel, resumable } = event;
  const { started, names, statuses } = known;
  return {
    projectId,
    project: started?.project,
    criteria: started?.criteria,
    simulated: started?.simulated ?? false,
    status,
    message,
    resumable,
    budgetUsd: started?.budgetUsd,
    spentUsd,
    spentByPhase,
    spentByModel,
    finishedAt: event.at,
    tasks: event.results.map((result) => ({
      ...result,
      status: statuses.get(result.taskId),
      file: names.get(result.taskId),
    })),
  };
}
