import { isRecord } from '../../domain/is-record.ts';
import { parseJson } from '../../domain/parse-json.ts';
import { numberOf } from '../shared/plain-number.ts';

/** Why a record of a file is not taken; the sentence names what is wrong and what would be right. */
export class Rejection extends Error {}

export type Fields = Readonly<Partial<Record<string, unknown>>>;

/** An object of a file, its fields by their names. */
export function fieldsIn(value: unknown): Fields {
  if (isRecord(value)) return value;
  throw new Rejection('this is not a JSON object');
}

/** What may stand in a field as text; undefined where there is nothing. */
export function textIn(fields: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  }
  return undefined;
}

/** A number, or one written as text; undefined where there is nothing; NaN where there is something else. */
export function numberIn(fields: Fields, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = fields[name];
    if (value !== undefined && value !== null && value !== '') return numberOf(value);
  }
  return undefined;
}

/** An object in a field, also where it is written as JSON text; empty where there is none. */
export function objectIn(fields: Fields, ...names: readonly string[]): Fields {
  for (const name of names) {
    const value = parsed(fields[name]);
    if (isRecord(value)) return value;
  }
  return {};
}

export function listIn(fields: Fields, ...names: readonly string[]): readonly unknown[] {
  for (const name of names) {
    const value = parsed(fields[name]);
    if (Array.isArray(value)) return value;
  }
  return [];
}

const parsed = (value: unknown): unknown =>
  typeof value === 'string' && /^\s*[[{]/.test(value) ? parseJson(value) : value;

/** As it may stand in a sentence. */
export function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
