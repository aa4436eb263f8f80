import { statSync } from 'node:fs';
import process from 'node:process';
import { hasJournal, journalPath, projectIdsIn } from '../../engine/journal/paths.ts';
import { readRun } from '../../engine/results/read-run.ts';
import { statsOf } from '../../files/stats-of.ts';
import { type IdHider, idHiderFor, isServerAddress, serverAddress } from '../../telemetry/index.ts';

/** Knows the runs of this machine by the ids that a history has of them, which may be digests. */
export type OwnIds = {
  /** Whether a run is of this machine. */
  isOwn(projectId: string): boolean;
  /** The id as it is on this machine, where it is of one of its runs. */
  project(projectId: string): string;
  /** The same of a task of a run. */
  task(projectId: string, taskId: string): string;
};

/** Journals beyond this are not read only to name their tasks. */
const largestJournal = 16 * 1024 * 1024;

export function ownIds({ database, runs }: { database: string; runs: string }): OwnIds {
  const hide = isServerAddress(database)
    ? idHiderFor(serverAddress(database), process.env)
    : undefined;
  const isHere = (projectId: string): boolean => hasJournal(runs, projectId);
  if (hide === undefined) {
    return { isOwn: isHere, project: (id) => id, task: (_, id) => id };
  }
  const projects = createProjects(runs, hide);
  const tasks = new Map<string, ReadonlyMap<string, string>>();
  const tasksOf = (projectId: string): ReadonlyMap<string, string> => {
    const known = tasks.get(projectId);
    if (known !== undefined) return known;
    const names = taskNames(runs, projectId);
    const found = new Map(names.map((name) => [hide.task(projectId, name), name]));
    tasks.set(projectId, found);
    return found;
  };
  return {
    isOwn: (projectId) => isHere(projectId) || projects().has(projectId),
    project: (projectId) => projects().get(projectId) ?? projectId,
    task(projectId, taskId) {
      const own = projects().get(projectId) ?? projectId;
      return isHere(own) ? (tasksOf(own).get(taskId) ?? taskId) : taskId;
    },
  };
}

/** The runs of the folder by their digests, read anew when it changed: looked at once for all that are asked for in a row. */
function createProjects(runs: string, hide: IdHider): () => ReadonlyMap<string, string> {
  let listedAt: number | undefined;
  let known: ReadonlyMap<string, string> = new Map();
  let isLookedAt = false;
  return () => {
    if (isLookedAt) return known;
    isLookedAt = true;
    queueMicrotask(() => {
      isLookedAt = false;
    });
    const changedAt = statsOf(runs)?.mtimeMs;
    if (changedAt === undefined || changedAt === listedAt) return known;
    listedAt = changedAt;
    const names = projectIdsIn(runs);
    known = new Map(names.map((name) => [hide.project(name), name]));
    return known;
  };
}

function taskNames(runs: string, projectId: string): string[] {
  try {
    if (statSync(journalPath(runs, projectId)).size > largestJournal) return [];
    return [...readRun({ directory: runs, projectId, now: 0 }).state.tasks.keys()];
  } catch {
    return [];
  }
}
