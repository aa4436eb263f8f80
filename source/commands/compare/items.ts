import { OrchestratorError } from '../../domain/errors.ts';
import { isRecord } from '../../domain/is-record.ts';
import { parseJson } from '../../domain/parse-json.ts';
import type { TaskSpec } from '../../domain/run-event.ts';
import type { Random } from '../../domain/runtime.ts';
import {
  type ComparedItem,
  journalPath,
  projectIdsIn,
  readJournal,
  readPlanned,
  readProjectFile,
} from '../../engine/index.ts';
import { readTextFile } from '../../files/text-file.ts';

/** In bytes; prompts may hold whole documents. */
const largestFile = 20_000_000;
/** Journals that are looked into: enough for any comparison. */
const mostJournals = 500;
/** Times as many tasks as are wanted, from which on no further journal is read. */
const enough = 2;

/**
 * Tasks of a type that were given before, in any order: from the user's own journals. Those that build on
 * others get what these wrote then; where that is not known any more they are left out. What would run a
 * command is left out of every task.
 */
export function itemsFromRuns(options: {
  directory: string;
  taskType: string;
  most: number;
  random: Random;
}): ComparedItem[] {
  const { directory, taskType, most, random } = options;
  const found = new Map<string, ComparedItem>();
  for (const name of shuffled(projectIdsIn(directory), random).slice(0, mostJournals)) {
    const journal = journalPath(directory, name);
    const planned = readPlanned(journal);
    const ofType = planned?.tasks.filter(({ type }) => type === taskType) ?? [];
    if (ofType.length === 0) continue;
    const outputs = outputsFor(ofType, journal);
    for (const task of ofType) {
      const priorWork = task.dependsOn.flatMap((taskId) => {
        const output = outputs.get(taskId);
        return output === undefined ? [] : [{ taskId, output }];
      });
      if (priorWork.length < task.dependsOn.length) continue;
      const item = itemOf(task, planned?.criteria ?? '', priorWork);
      found.set(JSON.stringify([item.prompt, item.criteria, priorWork]), {
        ...item,
        validators: item.validators.filter((given) => !isCommand(given)),
      });
    }
    if (found.size >= enough * most) break;
  }
  return shuffled([...found.values()], random).slice(0, most);
}

/** What the tasks that these build on wrote; the whole journal is read only where any builds on another. */
function outputsFor(tasks: readonly TaskSpec[], journal: string): Map<string, string> {
  const needed = new Set(tasks.flatMap(({ dependsOn }) => dependsOn));
  const outputs = new Map<string, string>();
  if (needed.size === 0) return outputs;
  for (const event of readJournal(journal)) {
    if (event.type !== 'task-finished' || event.output === undefined) continue;
    if (needed.has(event.result.taskId)) outputs.set(event.result.taskId, event.output);
  }
  return outputs;
}

/**
 * The same from a file: a project file with tasks, or lines of JSON with `prompt` and perhaps `criteria`.
 *
 * @throws OrchestratorError `bad-items` and what reading a project file throws.
 */
export function itemsFromFile(path: string, taskType: string): ComparedItem[] {
  if (!/\.(?:jsonl|ndjson)$/i.test(path)) {
    const { criteria, tasks = [] } = readProjectFile(path);
    return tasks
      .filter(({ type, dependsOn }) => type === taskType && dependsOn.length === 0)
      .map((task) => itemOf(task, criteria, []));
  }
  const file = readTextFile(path, { maxBytes: largestFile });
  if (!file.ok) {
    throw new OrchestratorError('bad-items', `${path} ${file.problem}: name a file of tasks.`, {
      cause: file.cause,
    });
  }
  return file.text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => lineItem(line, `${path}:${number}`));
}

function lineItem(line: string, place: string): ComparedItem {
  const value = parseJson(line);
  const prompt = isRecord(value) ? value['prompt'] : undefined;
  const criteria = isRecord(value) ? (value['criteria'] ?? usualCriteria) : undefined;
  if (typeof prompt === 'string' && prompt.trim() !== '' && typeof criteria === 'string') {
    return { prompt, criteria, validators: [], priorWork: [] };
  }
  throw new OrchestratorError(
    'bad-items',
    `${place} is no task: write {"prompt": "…"} on each line, and "criteria" beside it if you like.`,
  );
}

const usualCriteria = 'Correct, complete, and to the point.';

const itemOf = (
  { prompt, validators }: TaskSpec,
  criteria: string,
  priorWork: ComparedItem['priorWork'],
): ComparedItem => ({ prompt, criteria, validators, priorWork });

const isCommand = (given: unknown): boolean =>
  isRecord(given) && (given['kind'] === 'command' || 'command' in given);

/** Every order is as likely (Fisher and Yates). */
function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [one, two] = [result[last], result[other]];
    if (one !== undefined && two !== undefined) [result[last], result[other]] = [two, one];
  }
  return result;
}
