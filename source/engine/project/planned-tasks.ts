import { isRecord } from '../../domain/is-record.ts';
import type { TaskSpec } from '../../domain/run-event.ts';
import { builtInTaskTypes, type TaskType } from '../../domain/task-type.ts';
import { ownValue } from '../../domain/own-value.ts';
import { taskIdPattern } from './task-graph.ts';

type Fields = Record<string, unknown>;

/**
 * The tasks that a value means, in the ways in which models write a plan: a bare array, under another
 * name, by id, with numbers as ids, without dependencies. Undefined where it means none at all.
 */
export function plannedTasks(
  value: unknown,
  options: {
    ownTaskTypes: readonly TaskType[];
    mostTasks: number;
    /** A task by itself is a plan, rather than a part of one that broke off. */
    mayBeOneTask: boolean;
  },
): { tasks: TaskSpec[]; problems: string[] } | undefined {
  if (isRecord(value) && looksLikeTask(value) && !options.mayBeOneTask) return undefined;
  const entries = entriesOf(value, 0);
  if (entries === undefined) return undefined;
  if (entries.length > options.mostTasks) {
    return { tasks: [], problems: [`There are more than ${options.mostTasks} tasks.`] };
  }
  const problems: string[] = [];
  const tasks = entries.map((entry, index): TaskSpec => {
    const id = idOf(entry, index);
    const prompt = textOf(first(entry, ['prompt', 'instructions', 'instruction', 'description']));
    const type = textOf(first(entry, ['type', 'taskType', 'kind', 'category']));
    if (prompt === '') problems.push(`The task ${JSON.stringify(id)} has no prompt.`);
    if (type === '') problems.push(`The task ${JSON.stringify(id)} has no type.`);
    return {
      id,
      type: typeOf(type, options.ownTaskTypes),
      prompt,
      dependsOn: dependenciesOf(entry),
      validators: [],
    };
  });
  return { tasks, problems };
}

/** How far below the top a plan is looked for. */
const deepest = 3;

function entriesOf(value: unknown, depth: number): Fields[] | undefined {
  if (Array.isArray(value)) return entriesOfList(value);
  if (!isRecord(value) || depth > deepest) return undefined;
  if (looksLikeTask(value)) return [value];
  const named = first(value, ['tasks', 'plan', 'steps', 'subtasks', 'taskList']);
  if (named !== undefined) {
    const found = entriesOf(named, depth + 1);
    if (found !== undefined) return found;
  }
  const byId = entriesById(value);
  if (byId !== undefined) return byId;
  for (const inner of Object.values(value).slice(0, 20)) {
    const found = entriesOf(inner, depth + 1);
    if (found !== undefined && found.length > 0) return found;
  }
  return undefined;
}

function entriesOfList(list: readonly unknown[]): Fields[] | undefined {
  const entries = list.filter(isRecord);
  return entries.length === list.length && (list.length === 0 || entries.some(looksLikeTask))
    ? entries
    : undefined;
}

/** `{"outline": {"type": …, "prompt": …}, …}` */
function entriesById(value: unknown): Fields[] | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([, task]) => isRecord(task) && looksLikeTask(task))
    ? entries.map(([id, task]) => (isRecord(task) ? { id, ...task } : { id }))
    : undefined;
}

function looksLikeTask(value: Fields): boolean {
  const has = (names: readonly string[]): boolean => {
    const field = first(value, names);
    return typeof field === 'string' || (Array.isArray(field) && names.includes('prompt'));
  };
  return (
    has(['prompt', 'instructions', 'instruction', 'description']) ||
    (has(['id']) && has(['type', 'taskType']))
  );
}

/** The first of some fields that is there, however its name is spelt. */
function first(value: Fields, names: readonly string[]): unknown {
  for (const name of names) {
    const found = Object.entries(value).find(([key]) => plain(key) === plain(name));
    if (found !== undefined && found[1] !== null) return found[1];
  }
  return undefined;
}

const plain = (name: string): string => name.replaceAll(/[\s_-]/g, '').toLowerCase();

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return Array.isArray(value) ? value.filter((line) => typeof line === 'string').join('\n') : '';
}

function idOf(entry: Fields, index: number): string {
  const id = idFrom(first(entry, ['id', 'taskId', 'key', 'name', 'title']));
  return id === '' ? `task-${index + 1}` : id;
}

/** As a task may be named: what a planner calls "Say Hello" is `say-hello`. */
function idFrom(value: unknown): string {
  const named = isRecord(value) ? first(value, ['id', 'taskId', 'task']) : value;
  const id = typeof named === 'number' ? String(named) : textOf(named);
  if (taskIdPattern.test(id)) return id;
  const name = id
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/^[._-]+|-+$/g, '')
    .toLowerCase()
    .slice(0, 64);
  if (name !== '' || id === '') return name;
  // Of another script: still one name for one name.
  const codes = Array.from(id.slice(0, 12), (character) => character.codePointAt(0)?.toString(16));
  return `task-${codes.join('-')}`.slice(0, 64);
}

function dependenciesOf(entry: Fields): string[] {
  const value = first(entry, [
    'dependsOn',
    'dependencies',
    'dependency',
    'deps',
    'requires',
    'after',
  ]);
  const names =
    typeof value === 'string' ? value.split(/[,;]/) : Array.isArray(value) ? value : [value];
  const ids = names.map(idFrom).filter((id) => id !== '' && !isNobody(id));
  return [...new Set(ids)];
}

/** How models write that there is no dependency. */
const isNobody = (id: string): boolean => /^(?:none|null|nil|n-a|undefined)$/i.test(id);

/** What the screens call the types, and other words for them. */
const synonyms: Readonly<Record<string, TaskType>> = {
  codegen: 'code_generation',
  code: 'code_generation',
  coding: 'code_generation',
  programming: 'code_generation',
  review: 'code_review',
  reasoning: 'complex_reasoning',
  analysis: 'complex_reasoning',
  writing: 'creative_writing',
  dataextract: 'data_extraction',
  extraction: 'data_extraction',
  summarize: 'summarization',
  summarise: 'summarization',
  summarisation: 'summarization',
  summary: 'summarization',
  evaluate: 'evaluation',
};

/** The type that a spelling means; one that means none comes back as it is, to be complained of. */
function typeOf(type: string, ownTaskTypes: readonly TaskType[]): TaskType {
  const known = [...ownTaskTypes, ...builtInTaskTypes];
  if (known.includes(type)) return type;
  return known.find((one) => plain(one) === plain(type)) ?? ownValue(synonyms, plain(type)) ?? type;
}
