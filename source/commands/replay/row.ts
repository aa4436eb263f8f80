import { defined } from '../../domain/defined.ts';
import { OrchestratorError } from '../../domain/errors.ts';
import { numberOf } from '../shared/plain-number.ts';
import type { Outcome } from './outcomes.ts';

/** A file of outcomes that cannot be replayed. */
export class OutcomeFileError extends OrchestratorError<'missing' | 'unreadable' | 'invalid'> {
  override readonly name = 'OutcomeFileError';
}

/** Where in the file something is; column by number, and by name where it has one. */
export type Place = { line: number; column?: number; field?: string };

/** Takes one outcome, or throws an {@link OutcomeFileError} that names the place. */
export type RowSink = (outcome: Outcome, place: Place) => void;

export const requiredFields = ['item_id', 'task_type', 'model', 'score'] as const;
export const optionalFields = ['cost_usd', 'latency_ms'] as const;
export type Field = (typeof requiredFields)[number] | (typeof optionalFields)[number];

/** The field that a column or key means; case, spaces, hyphens and underscores do not count. */
export function fieldOf(name: string): Field | undefined {
  return fieldsByName.get(plainName(name));
}

const plainName = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, '');
const fieldsByName = new Map<string, Field>(
  [...requiredFields, ...optionalFields].map((field) => [plainName(field), field]),
);

/** How other programs write that a number is not known. */
const unknownNumber = /^\s*(?:|nan|n\/?a|null|none|nil|-|#n\/a|undefined)\s*$/i;

/** A sentence about one place of the file; `what` ends in the remedy. */
export function problem(
  path: string,
  { line, column, field }: Place,
  what: string,
): OutcomeFileError {
  const name = field === undefined ? '' : ` (${field})`;
  const at = column === undefined ? '' : `, column ${column}${name}`;
  return new OutcomeFileError('invalid', `${path}, line ${line}${at}: ${what}.`);
}

/**
 * Checks the fields of one record. `placeOf` says where a field stands; text and numbers are both
 * accepted, since CSV knows only text.
 */
export function readRow(
  path: string,
  valueOf: (field: Field) => unknown,
  placeOf: (field: Field) => Place,
): Outcome {
  const text = (field: Field): string => {
    const value = valueOf(field);
    const said = typeof value === 'number' ? String(value) : value;
    if (typeof said === 'string' && said.trim() !== '') return said.trim();
    throw problem(path, placeOf(field), `there is no ${field} here; give it one`);
  };
  const amount = (field: Field): number | undefined => {
    const value = valueOf(field);
    if (isUnknown(value)) return undefined;
    const number = numberOf(value);
    if (number >= 0 && number < Number.POSITIVE_INFINITY) return number;
    throw problem(
      path,
      placeOf(field),
      `${shown(value)} is not a number of 0 or more; correct it, or leave it empty where it is unknown`,
    );
  };
  const said = valueOf('score');
  if (isUnknown(said)) {
    const what = `there is no score here (${shown(said)}); give it one, or take the line out`;
    throw problem(path, placeOf('score'), what);
  }
  const score = numberOf(said);
  if (!(score >= 0 && score <= 1)) {
    throw problem(
      path,
      placeOf('score'),
      `${shown(valueOf('score'))} is not a score between 0 and 1; correct it`,
    );
  }
  const costUsd = amount('cost_usd');
  const latencyMs = amount('latency_ms');
  return {
    item: text('item_id'),
    taskType: text('task_type'),
    model: text('model'),
    score,
    ...defined({ costUsd, latencyMs }),
  };
}

function isUnknown(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'number') return Number.isNaN(value);
  return typeof value === 'string' && unknownNumber.test(value);
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
