import { hash } from 'node:crypto';
import { defined } from '../../domain/defined.ts';
import { taskTypePattern } from '../../domain/task-type.ts';
import { type FactKind, factKinds, type ImportedRecord } from '../../telemetry/transfer/index.ts';
import { type Fields, Rejection, shown } from './rejection.ts';
import { checkPast, secondsOf } from './times.ts';

const requiredOfTask = ['projectId', 'taskId', 'taskType', 'model', 'costUsd', 'at'] as const;

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '';

/**
 * The record in a line of our own: what `export` writes, where `kind` says which kind of fact it is, or a
 * finished task without that word. `content` names it where it has no `sourceId`.
 *
 * @throws Rejection
 */
export function ownRecord(fields: Fields, content: string, now: number): ImportedRecord {
  const kind = kindOf(fields['kind']);
  const at = secondsOf(fields['at'] ?? missing('at'), 'at');
  checkPast(at, now);
  const { sourceId } = fields;
  const id = isNothing(sourceId) ? contentId(untagged(fields, content)) : sourceId;
  if (typeof id !== 'string' && typeof id !== 'number') {
    throw new Rejection(`sourceId ${shown(id)} is no text`);
  }
  if (String(id).length > 1024) throw new Rejection('sourceId is longer than 1024 characters');
  const tags = kind === undefined || kind === 'task' ? tagsIn(fields['tags']) : undefined;
  const common = { sourceId: String(id), ...defined({ tags }) };
  if (kind === undefined) return { kind: 'task', ...common, fields: ownTask(fields, at) };
  return { kind, ...common, fields: { ...fields, at }, isCopy: true };
}

/** 128 bits of what is in a record, as its name. */
export const contentId = (content: string): string =>
  hash('sha256', content, 'base64url').slice(0, 22);

/** A member `tags` in the text of a flat record; within a string its first quote would be escaped. */
const tagsMember =
  /(?:,\s*"tags"\s*:\s*(?:\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\}|"(?:[^"\\]|\\.)*"|null)|"tags"\s*:\s*(?:\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\}|"(?:[^"\\]|\\.)*"|null)\s*,\s*)/u;

/** What names a record: its tags may change, and it stays the same where its task has a name. */
function untagged(fields: Fields, content: string): string {
  const isNamed = !isNothing(fields['projectId']) && !isNothing(fields['taskId']);
  return isNamed && fields['tags'] !== undefined ? content.replace(tagsMember, '') : content;
}

function ownTask(fields: Fields, at: number): Fields {
  for (const name of requiredOfTask) if (isNothing(fields[name])) missing(name);
  const { taskType } = fields;
  if (typeof taskType !== 'string' || !taskTypePattern.test(taskType)) {
    throw new Rejection(
      `taskType ${shown(taskType)} is no task type: use 1 to 64 of a-z, 0-9, _ and -`,
    );
  }
  return {
    projectId: fields['projectId'],
    taskId: fields['taskId'],
    taskType,
    model: fields['model'],
    reviewer: isNothing(fields['reviewer']) ? null : fields['reviewer'],
    score: isNothing(fields['score']) ? null : fields['score'],
    costUsd: fields['costUsd'],
    iterations: fields['iterations'] ?? 1,
    deterministicPassed: fields['deterministicPassed'] ?? true,
    at,
  };
}

/** Tags as an object, or as spreadsheets have them: its JSON, or `team=search; prompt=v3`. */
function tagsIn(value: unknown): unknown {
  if (isNothing(value)) return undefined;
  if (typeof value !== 'string') return value;
  if (value.trimStart().startsWith('{')) {
    try {
      return JSON.parse(value);
    } catch {
      throw new Rejection(`tags ${shown(value)} is broken JSON`);
    }
  }
  const pairs = value.split(';').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 0)
        throw new Rejection(`tags ${shown(value)} has no "=": write team=search; prompt=v3`);
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
}

function kindOf(value: unknown): FactKind | undefined {
  if (isNothing(value)) return undefined;
  const kind = factKinds.find((one) => one === value);
  if (kind !== undefined) return kind;
  throw new Rejection(`kind ${shown(value)} is none of ${factKinds.join(', ')}`);
}

function missing(name: string): never {
  throw new Rejection(`there is no ${name}`);
}

const expected: Partial<Record<string, string>> = {
  score: 'a number from 0 to 1',
  qualityScore: 'a number from 0 to 1',
  value: 'a number from 0 to 1',
  sampled: 'a number from 0 to 1',
  propensity: 'a number from 0 to 1',
  successRate: 'a number from 0 to 1',
  trustFactor: 'a number from 0 to 1',
  costUsd: 'dollars from 0 to 1,000,000',
  avgCostUsd: 'dollars from 0 to 1,000,000',
  iterations: 'a whole number of 0 or more',
  attempt: 'a whole number of 0 or more',
  callCount: 'a whole number of 1 or more',
  at: 'Unix seconds of a year up to 9999',
  deterministicPassed: 'true or false',
  costEstimated: 'true or false',
  tags: 'up to 16 names with a line of visible text for each, as in {"team": "search"}',
  tagName: 'a name of 1 to 64 letters, digits, and _ . : / -',
  tagValue: 'one line of 1 to 256 visible characters',
};

/** Why a record with such a value in a field cannot be true. */
export function reasonOf(field: string, { fields, call, tags }: ImportedRecord): string {
  const value = field === 'tags' ? tags : (fields[field] ?? call?.[field]);
  if (isNothing(value)) return `there is no ${field}`;
  const what =
    expected[field] ??
    (field.endsWith('Tokens')
      ? 'a whole number of tokens'
      : field.endsWith('Ms')
        ? 'a number of milliseconds, a month at most'
        : typeof value === 'number' || field.endsWith('Count')
          ? 'a number that can be true'
          : 'a text of 1 to 1024 characters');
  return `${field} ${shown(value)} is not ${what}`;
}
