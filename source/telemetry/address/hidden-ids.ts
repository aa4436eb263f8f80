import { createHash, createHmac, randomBytes } from 'node:crypto';
import { closeSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { TelemetryError } from '../../domain/errors.ts';
import type { SharedRun } from '../../domain/shared-run.ts';
import { cacheFolder } from '../../files/cache-folder.ts';
import { hasCode } from '../../files/error-code.ts';
import { makeFolder } from '../../files/folder.ts';
import { createOwnFile, readOwnFile } from '../../files/own-file.ts';
import type { ServerAddress } from './server-address.ts';
import {
  type Batch,
  type BatchName,
  columnNames,
  type Row,
  rowKinds,
} from '../database/columns.ts';

/**
 * Ids of projects and tasks as they leave the machine: digests with a secret that stays on it. The same id
 * always comes to the same digest, so that what counts once counts once, and outcomes find their tasks;
 * what is a digest already stays what it is.
 */
export type IdHider = {
  project(id: string): string;
  task(projectId: string, id: string): string;
  call(projectId: string, id: string): string;
  batch(batch: Batch): Batch;
  run(run: SharedRun): SharedRun;
};

/** Characters of a digest, and of what tells a digest from an id that somebody chose to look like one. */
const digestLength = 22;
const checkLength = 4;
const prefix = 'id-';
const secretBytes = 32;

/** Where a machine keeps its secret. As long as it is there, no id leaves the machine as it is. */
export const secretFile = (environment: NodeJS.ProcessEnv): string =>
  join(cacheFolder(environment), 'ids.key');

const hiders = new Map<string, IdHider>();

/**
 * Undefined where ids are told as they are. Once a machine hides them it goes on to do so, however the
 * history is named.
 *
 * @throws TelemetryError `unreadable` where the secret is there and cannot be used: nothing is told then.
 */
export function idHiderFor(
  { areIdsHashed }: ServerAddress,
  environment: NodeJS.ProcessEnv = process.env,
): IdHider | undefined {
  const file = secretFile(environment);
  const known = hiders.get(file);
  if (known !== undefined) return known;
  if (!areIdsHashed && !existsSync(file)) return undefined;
  const hider = createIdHider(secretIn(file, environment));
  hiders.set(file, hider);
  return hider;
}

export function createIdHider(secret: Buffer): IdHider {
  const digest = (...parts: readonly string[]): string => {
    const body = createHmac('sha256', secret)
      // Lengths and all: no two lists of parts come to one text.
      .update(JSON.stringify(parts))
      .digest('base64url')
      .slice(0, digestLength);
    return `${prefix}${body}${checkOf(body)}`;
  };
  const project = (id: string): string => (isHidden(id) ? id : digest('project', id));
  const task = (projectId: string, id: string): string =>
    isHidden(id) ? id : digest('task', project(projectId), id);
  // The calls of a run are numbered, which tells nothing.
  const call = (projectId: string, id: string): string =>
    /^\d{1,9}$/.test(id) || isHidden(id) ? id : digest('call', project(projectId), id);
  const hidden: Record<string, (projectId: string, id: string) => string> = {
    project_id: (projectId) => project(projectId),
    task_id: task,
    call_id: call,
  };
  /** The name of what happened is made of ids, too. */
  const once = ({ writer, number }: BatchName): BatchName => {
    const sum = createHmac('sha256', secret).update(`once ${writer} ${number}`).digest();
    return {
      writer: (sum.readBigUInt64BE(0) >> 1n).toString(),
      number: sum.readUInt32BE(8) >>> 1,
    };
  };
  const columns = Object.fromEntries(
    rowKinds.map((kind) => [kind, columnNames(kind).map((column) => hidden[column])]),
  );
  return {
    project,
    task,
    call,
    batch(batch) {
      const copy: Batch = { ...batch, ...(batch.once && { once: once(batch.once) }) };
      for (const kind of rowKinds) {
        copy[kind] = batch[kind].map((row): Row => {
          const projectId = String(row[0]);
          return row.map((value, index) => {
            const hide = columns[kind]?.[index];
            return hide === undefined || typeof value !== 'string' ? value : hide(projectId, value);
          });
        });
      }
      return copy;
    },
    run: (run) => ({
      ...run,
      projectId: project(run.projectId),
      tasks: run.tasks.map((one) => ({ ...one, id: task(run.projectId, one.id) })),
    }),
  };
}

const checkOf = (body: string): string =>
  createHash('sha256').update(`${prefix}${body}`).digest('base64url').slice(0, checkLength);

function isHidden(id: string): boolean {
  if (!id.startsWith(prefix) || id.length !== prefix.length + digestLength + checkLength) {
    return false;
  }
  const body = id.slice(prefix.length, prefix.length + digestLength);
  return id.endsWith(checkOf(body));
}

function secretIn(file: string, environment: NodeJS.ProcessEnv): Buffer {
  try {
    makeFolder(cacheFolder(environment));
    const descriptor = createOwnFile(file);
    writeFileSync(descriptor, `${randomBytes(secretBytes).toString('hex')}\n`);
    closeSync(descriptor);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw unusable(file, 'cannot be made');
  }
  const read = readOwnFile(file, { maxBytes: 200 });
  if (!read.ok) throw unusable(file, read.problem);
  const secret = Buffer.from(read.text.trim(), 'hex');
  if (secret.length !== secretBytes) throw unusable(file, 'holds no secret');
  return secret;
}

const unusable = (file: string, problem: string): TelemetryError =>
  new TelemetryError(
    'unreadable',
    `Ids are to be hashed, and ${file} ${problem}, so nothing is told to the server: make it yours alone, or bring back its copy.`,
  );
