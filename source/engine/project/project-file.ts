import * as z from 'zod';
import { didYouMean } from '../../domain/closest-name.ts';
import { OrchestratorError } from '../../domain/errors.ts';
import { isRecord } from '../../domain/is-record.ts';
import type { TaskSpec } from '../../domain/run-event.ts';
import { taskTypePattern } from '../../domain/task-type.ts';
import { mostTags, readTags } from '../../domain/tags.ts';
import { readPipedText, readTextFile, type TextFileRefusal } from '../../files/text-file.ts';
import { firstIssue, parseYaml } from '../../files/yaml-document.ts';
import { validatorSchema } from '../validators/schema.ts';
import { problemsOfTasks, taskIdPattern } from './task-graph.ts';

const text = z.string();
const prose = text.trim().min(1, 'must not be empty');
const aboveZero = z.number().positive('must be above 0').optional();
const list = z.union([text.transform((one) => [one]), z.array(text)], {
  error: 'must be the id of a task, or a list of them',
});

const taskSchema = z.strictObject({
  id: text.regex(taskIdPattern, 'must be up to 64 letters, digits, dots, hyphens or underscores'),
  type: text.regex(
    taskTypePattern,
    'must be up to 64 lower-case letters, digits, hyphens or underscores',
  ),
  prompt: prose,
  dependsOn: list.default([]),
  validators: z.array(validatorSchema).default([]),
});

const tagsSchema = z.unknown().transform((given, context) => {
  if (given === undefined || given === null) return undefined;
  const tags = readTags(given);
  if (tags !== undefined) return Object.fromEntries(tags);
  context.addIssue({
    code: 'custom',
    message: `must be up to ${mostTags} names with a line of visible text for each, as in {team: search}`,
  });
  return z.NEVER;
});

/** What a project file holds. */
const projectFileSchema = z.strictObject({
  /** What to do. */
  project: prose,
  /** When it counts as done. */
  criteria: prose,
  /** Dollars. */
  budget: aboveZero,
  /** Seconds. */
  time: aboveZero,
  concurrency: z.int().positive('must be above 0').optional(),
  /** What the run is called by. */
  tags: tagsSchema.optional(),
  /** Tasks of the user's own, instead of a plan by a model. */
  tasks: z.array(taskSchema).min(1, 'must name at least one task').optional(),
});

export type ProjectFile = Omit<z.infer<typeof projectFileSchema>, 'tasks'> & { tasks?: TaskSpec[] };

/** In bytes: prompts may hold whole documents. */
const largestProjectFile = 20_000_000;

const remedies: Record<TextFileRefusal['reason'], string> = {
  missing: 'check its name',
  unreadable: 'check its permissions',
  'not-a-file': 'name a file with project: and criteria:',
  'too-large': 'shorten its prompts',
  'not-text': 'save it as UTF-8',
};

/**
 * Reads a project file.
 *
 * @throws OrchestratorError `no-project-file`, `bad-project-file`: one sentence with line and column.
 */
export function readProjectFile(path: string): ProjectFile {
  const file = readTextFile(path, { maxBytes: largestProjectFile });
  if (file.ok) return parseProjectFile(file.text, path);
  throw new OrchestratorError(
    'no-project-file',
    `The project file ${path} ${file.reason === 'unreadable' ? file.problem : `cannot be read (it ${file.problem})`}: ${remedies[file.reason]}.`,
    { cause: file.cause },
  );
}

/** The same of what another program pipes in. Rejects as {@link readProjectFile} throws. */
export async function readPipedProject(stream: AsyncIterable<unknown>): Promise<ProjectFile> {
  const piped = await readPipedText(stream, { maxBytes: largestProjectFile });
  if (piped.ok) return parseProjectFile(piped.text, 'standard input');
  throw new OrchestratorError(
    'no-project-file',
    `The project on standard input ${piped.problem}: pipe a project file in, or name one with --file.`,
    { cause: piped.cause },
  );
}

/** The same, of a text; `name` is how messages call it. */
export function parseProjectFile(text: string, name: string): ProjectFile {
  const document = parseYaml(text, name, ({ kind, place, cause }) =>
    kind === 'syntax'
      ? bad(place, `is not valid YAML (${cause.message})`)
      : bad(name, `is not usable YAML (${cause.message})`),
  );
  const { content } = document;
  if (isRecord(content) && isRecord(content['tags'])) {
    // A version is a name, not a number.
    for (const [name, value] of Object.entries(content['tags']))
      if (Number.isFinite(value))
        content['tags'][name] = document.writtenAt(['tags', name]) ?? value;
  }
  return checkedProject(content, (path) => document.placeOf(path));
}

/**
 * What a project file holds, of any value; `placeOf` is how messages call a place in it.
 *
 * @throws OrchestratorError `bad-project-file`.
 */
export function checkedProject(
  content: unknown,
  placeOf: (path: readonly PropertyKey[]) => string,
): ProjectFile {
  const read = projectFileSchema.safeParse(content);
  if (!read.success) {
    const issue = firstIssue(read.error);
    throw bad(placeOf(pathOf(issue)), sentenceOf(issue));
  }
  const { tasks, ...rest } = read.data;
  if (tasks === undefined) return rest;
  const [problem] = problemsOfTasks(tasks);
  if (problem !== undefined) {
    const culprit = tasks.findIndex(({ id }) => problem.includes(`The task ${id} `));
    const path = culprit === -1 ? ['tasks'] : ['tasks', culprit];
    throw bad(placeOf(path), problem.replace(/\.$/, ''));
  }
  return { ...rest, tasks };
}

function bad(place: string, problem: string): OrchestratorError {
  return new OrchestratorError(
    'bad-project-file',
    `${place}: ${problem}: correct it and try again.`,
  );
}

type Issue = z.core.$ZodIssue;

/** An unknown key is at fault itself, not the object it is in. */
function pathOf(issue: Issue | undefined): readonly PropertyKey[] {
  if (issue?.code !== 'unrecognized_keys') return issue?.path ?? [];
  return [...issue.path, ...issue.keys.slice(0, 1)];
}

function sentenceOf(issue: Issue | undefined): string {
  if (issue === undefined) return 'it cannot be used';
  const where = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const shape = issue.path[0] === 'tasks' ? taskSchema.shape : projectFileSchema.shape;
    const meant = didYouMean(key, Object.keys(shape));
    return `${key} is not known${where === '' ? '' : ` in ${where}`}${meant}`;
  }
  if (where === '') return 'the file: must hold a project and criteria';
  return `${where}: ${wordsOf(issue)}`;
}

/** What zod expects, in words that say what to write. */
const kinds: Readonly<Partial<Record<string, string>>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'an object with its fields',
  record: 'an object with its fields',
};

function wordsOf(issue: Issue): string {
  if (issue.code !== 'invalid_type') return issue.message;
  return issue.message.endsWith('received undefined')
    ? 'is missing'
    : `must be ${kinds[issue.expected] ?? issue.expected}`;
}
