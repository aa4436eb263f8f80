import { defined } from '../../../domain/defined.ts';
import { ownValue } from '../../../domain/own-value.ts';
import { factKinds, fieldsOf, type ImportedRecord } from '../../../telemetry/transfer/index.ts';
import { numberOf } from '../../shared/plain-number.ts';
import { contentId, ownRecord } from '../own-record.ts';
import { type Fields, fieldsIn, Rejection, shown, textIn } from '../rejection.ts';
import { secondsOf } from '../times.ts';
import { taskTypeFrom } from './answer.ts';
import { dayOf } from './litellm.ts';

/** Names of columns without their capitals, spaces and dashes, by the field they mean. */
const meanings: Readonly<Record<string, string>> = {
  project: 'projectId',
  run: 'projectId',
  task: 'taskId',
  item: 'taskId',
  itemid: 'taskId',
  type: 'taskType',
  modelchosen: 'model',
  quality: 'score',
  cost: 'costUsd',
  attempts: 'iterations',
  detpassed: 'deterministicPassed',
  passed: 'deterministicPassed',
  recordedat: 'at',
  timestamp: 'at',
  time: 'at',
  date: 'at',
  id: 'sourceId',
};

const yes = /^(?:1|true|yes|y|wahr|ja|vrai|oui)$/i;
const no = /^(?:0|false|no|n|falsch|nein|faux|non)$/i;

/** Whether columns by these names are records that can be taken in. */
export function isTable(names: readonly string[]): boolean {
  const fields = new Set(names.map(fieldOf));
  return ['model', 'costUsd', 'at'].every((name) => fields.has(name)) || fields.has('kind');
}

/** A row of a spreadsheet: the fields of a line of our own, in columns by any of their usual names. */
export function csvRecords(
  value: unknown,
  content: string,
  { now, taskType }: { now: number; taskType?: string },
): ImportedRecord[] {
  const fields: Record<string, unknown> = {};
  for (const [name, cell] of Object.entries(fieldsIn(value))) {
    const field = fieldOf(name);
    const read = valueOf(field, String(cell));
    if (read !== undefined && fields[field] === undefined) fields[field] = read;
  }
  if (fields['kind'] !== undefined && fields['kind'] !== 'task')
    return [ownRecord(fields, content, now)];
  const row = fields['taskId'] === undefined ? content : untagged(fieldsIn(value), content);
  return [ownRecord(completed(fields, row, taskType), row, now)];
}

/** What names a row of a task that has a name: its tags may change, and it stays the same. */
function untagged(cells: Fields, content: string): string {
  const others = Object.entries(cells).filter(([name]) => fieldOf(name) !== 'tags');
  return others.length === Object.keys(cells).length
    ? content
    : others.map(([, cell]) => String(cell)).join('\0');
}

/** What a spreadsheet need not say: names follow from the day and from the row itself. */
function completed(fields: Fields, content: string, taskType: string | undefined): Fields {
  const at = fields['at'] === undefined ? undefined : secondsOf(fields['at'], 'at');
  if (at !== undefined && at < 946_684_800) {
    throw new Rejection(
      `at ${shown(fields['at'])} is before the year 2000: write a date as 2026-01-31 14:05:00, or Unix seconds`,
    );
  }
  if (fields['kind'] !== undefined) return fields;
  const type = textIn(fields, 'taskType') ?? taskType ?? 'general';
  const id = textIn(fields, 'sourceId');
  const named = textIn(fields, 'projectId');
  const texts = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.trim() : value,
  ]);
  return {
    ...Object.fromEntries(texts),
    projectId: named ?? (at === undefined ? undefined : `csv-${dayOf(at)}`),
    taskId: textIn(fields, 'taskId') ?? id ?? contentId(content),
    taskType: taskTypeFrom(type),
    ...defined({
      // Numbers of rows are the same in every file.
      sourceId: id === undefined || named === undefined ? id : `${named}/${id}`,
    }),
  };
}

function fieldOf(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return ownValue(meanings, plain) ?? knownFields.get(plain) ?? name;
}

const knownFields = new Map([
  ['kind', 'kind'],
  ['sourceid', 'sourceId'],
  ['tags', 'tags'],
  ...factKinds.flatMap(fieldsOf).map(({ name }) => [name.toLowerCase(), name] as const),
]);
const types = new Map(factKinds.flatMap(fieldsOf).map(({ name, type }) => [name, type]));

/** Undefined for an empty cell. */
function valueOf(field: string, cell: string): unknown {
  const type = types.get(field) ?? 'text';
  const text = cell.trim();
  if (text === '') return type === 'text' && cell !== '' ? cell : undefined;
  if (type === 'flag') return yes.test(text) ? true : no.test(text) ? false : text;
  if (field === 'at') return text;
  if (type === 'text') return cell;
  if (/^(?:n\/?a|null|none|#n\/?a)$/i.test(text)) return undefined;
  const share = /^(.*)%$/.exec(text)?.[1];
  if (share !== undefined && /score/i.test(field)) return numberOf(share) / 100;
  const number = numberOf(field === 'costUsd' ? text.replace(/^(?:US)?\$\s*/, '') : text);
  return Number.isNaN(number) ? text : number;
}
