import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, OrchestratorError } from '../../domain/errors.ts';
import type { RunEvent, RunEventOf } from '../../domain/run-event.ts';
import { makeFolder } from '../../files/folder.ts';
import { taskIdPattern } from '../project/task-graph.ts';
import { withoutFence } from '../validators/payload.ts';
import { extensionOf } from './file-name.ts';

/** Writes what a run produced: a file per task as it finishes, and a summary at the end. */
export type ResultsWriter = {
  readonly directory: string;
  /** Hears the events of a run, those of its earlier parts first; returns at once. */
  take: (event: RunEvent) => void;
  /** Everything is written. Rejects with `results-unwritable` where something could not be. */
  close: () => Promise<void>;
};

/** Names that lie in the default directory anyway. */
const reserved = ['summary.json', 'events.jsonl', 'lock'];

export function openResults({ directory }: { directory: string }): ResultsWriter {
  /** File names by task; compared without case, since some file systems do. */
  const names = new Map<string, string>();
  const taken = new Set(reserved);
  const statuses = new Map<string, string>();
  const problems: unknown[] = [];
  let started: RunEventOf<'run-started'> | undefined;
  let work = Promise.resolve();

  function nameFor(taskId: string, output: string, taskType: string): string {
    const safe = taskIdPattern.test(taskId) ? taskId : taskId.replaceAll(/[^A-Za-z0-9_-]/g, '_');
    const extension = extensionOf(output, taskType);
    const known = names.get(taskId);
    for (let copy = 1; ; copy += 1) {
      const name = `${safe.slice(0, 100)}${copy === 1 ? '' : `-${copy}`}${extension}`;
      if (name === known) return name;
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      names.set(taskId, name);
      return name;
    }
  }

  function save(name: string, content: string): void {
    work = saveAfter(work, name, content);
  }

  /** One file after the other: a later version of a file wins. */
  async function saveAfter(earlier: Promise<void>, name: string, content: string): Promise<void> {
    await earlier;
    try {
      makeFolder(directory);
      await replaceFile(join(directory, name), content);
    } catch (error) {
      problems.push(error);
    }
  }

  return {
    directory,
    take(event) {
      if (event.type === 'run-started') started = event;
      if (event.type === 'task-finished') {
        const { result, output, status } = event;
        statuses.set(result.taskId, status);
        if (output === undefined) return;
        const name = nameFor(result.taskId, output, result.taskType);
        save(name, contentOf(output, name));
      }
      if (event.type === 'run-finished') {
        save(
          'summary.json',
          `${JSON.stringify(summaryOf(event, { started, names, statuses }), null, 2)}\n`,
        );
      }
    },
    async close() {
      await work;
      const [problem] = problems;
      if (problem === undefined) return;
      throw new OrchestratorError(
        'results-unwritable',
        `Not all results could be written to ${directory} (${messageOf(problem)}): they are in the journal of the run; give another directory with --output-dir.`,
        { cause: problem },
      );
    },
  };
}

/** A file of code holds the code, not the fence around it; text stays as it is. */
function contentOf(output: string, name: string): string {
  const content = name.endsWith('.md') ? output : withoutFence(output).code;
  return content.endsWith('\n') ? content : `${content}\n`;
}

/** Whole or not at all, and never through a link that lies in its place. */
async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content, { mode: 0o600, flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function summaryOf(
  event: RunEventOf<'run-finished'>,
  known: {
    started: RunEventOf<'run-started'> | undefined;
    names: ReadonlyMap<string, string>;
    statuses: ReadonlyMap<string, string>;
  },
): object {
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
