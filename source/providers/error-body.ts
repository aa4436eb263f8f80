import { defined } from '../domain/defined.ts';
import { isRecord } from '../domain/is-record.ts';
import { parseJson } from '../domain/parse-json.ts';
import { isModestJson } from './json-shape.ts';
import { waitInDetail, waitInText } from './retry-after.ts';

/** What the body of an error says, whichever of the providers' forms it has. */
export type ErrorBody = {
  /** The provider's words for the kind of error: codes, types, statuses, reasons. */
  words: readonly string[];
  message?: string;
  /** All that it says, its message first, what a provider behind a gateway said after it. */
  prose: string;
  /** The parameter of the request that it is about. */
  parameter?: string;
  /** Milliseconds to wait, where the body says so. */
  retryAfterMs?: number;
  /** A part of an answer came before the error; said by our own readers of answers. */
  mayBeBilled?: true;
};

/** More of a body is not looked at: what an error has to say stands in front. */
const maxBodyLength = 64 * 1024;
/** Objects below the top that are looked into, and values of a list. */
const maxDepth = 4;
const maxItems = 16;

/** Fields that name the kind of error, whoever's they are. */
const wordFields = [
  'code',
  'type',
  'status',
  'reason',
  'status_code',
  'errorCode',
  'error_code',
  '__type',
];
const textFields = [
  'message',
  'Message',
  'msg',
  'status_msg',
  'error_msg',
  'detail',
  'title',
  'faultstring',
];
/** Objects inside which a provider, or a gateway before it, says more. */
const innerFields = ['error', 'details', 'innererror', 'metadata', 'base_resp', 'errors', 'fault'];

type Gathered = {
  words: string[];
  messages: string[];
  parameter?: string | undefined;
  retryAfterMs?: number | undefined;
};

/** Undefined where the body is not JSON or holds no error. */
export function readErrorBody(responseBody: string | undefined): ErrorBody | undefined {
  const json = parse(responseBody);
  const top: unknown = Array.isArray(json) ? json[0] : json;
  if (!isRecord(top) || !saysError(top)) return undefined;
  const found: Gathered = { words: [], messages: [] };
  gather(top, found, 0);
  const message = found.messages.find((text) => text.trim() !== '');
  const prose = found.messages.join(' ').slice(0, 4000);
  const retryAfterMs = found.retryAfterMs ?? waitInText(prose);
  return {
    words: found.words,
    prose,
    ...defined({ message, parameter: found.parameter, retryAfterMs }),
    ...(top['mayBeBilled'] === true ? { mayBeBilled: true } : {}),
  };
}

/** Whether a body of any status reports an error, rather than being an answer with a null for it. */
function saysError(body: Record<string, unknown>): boolean {
  const { error, base_resp: minimax } = body;
  if (isRecord(minimax)) return minimax['status_code'] !== 0;
  if (typeof error === 'string' || isRecord(error)) return true;
  if (isRecord(body['fault'])) return true;
  if ('choices' in body || 'candidates' in body || 'output' in body || 'content' in body) {
    return false;
  }
  return ['message', 'Message', 'msg', 'detail', 'errors', 'title', 'error_msg'].some(
    (field) => body[field] !== undefined && body[field] !== null,
  );
}

function gather(value: unknown, found: Gathered, depth: number): void {
  if (depth > maxDepth) return;
  if (Array.isArray(value)) {
    for (const item of value.slice(0, maxItems)) gather(item, found, depth + 1);
    return;
  }
  if (typeof value === 'string') {
    if (depth > 0) found.messages.push(value.slice(0, 4000));
    return;
  }
  if (!isRecord(value)) return;
  for (const field of wordFields) {
    const word = value[field];
    if (typeof word === 'string' || typeof word === 'number') {
      // Amazon puts a namespace in front.
      found.words.push(String(word).replace(/^.*#/, ''));
    }
  }
  for (const field of textFields) {
    const text = value[field];
    if (typeof text === 'string') found.messages.push(text.slice(0, 4000));
    else if (field === 'detail' || field === 'message') gather(text, found, depth + 1);
  }
  found.parameter ??= parameterOf(value);
  found.retryAfterMs ??= waitInDetail(value);
  for (const field of innerFields) gather(value[field], found, depth + 1);
  gatherRaw(value['raw'], found, depth);
}

/** What the provider behind a gateway said, as text. */
function gatherRaw(raw: unknown, found: Gathered, depth: number): void {
  if (typeof raw !== 'string') return;
  const inner = parse(raw);
  if (isRecord(inner)) gather(inner, found, depth + 1);
  else found.messages.push(raw.slice(0, 4000));
}

function parameterOf(value: Record<string, unknown>): string | undefined {
  const { param, loc } = value;
  if (typeof param === 'string' && param !== '') return param;
  if (!Array.isArray(loc)) return undefined;
  const names = loc.filter((part) => typeof part === 'string' && part !== 'body');
  return names.length === 0 ? undefined : names.join('.');
}

/** An object or list that could be read whole; a body that is too long is cut, and then is neither. */
function parse(text: string | undefined): unknown {
  if (text === undefined || text.length > maxBodyLength) return undefined;
  return isModestJson(Buffer.from(text)) ? parseJson(text.replace(/^\uFEFF/, '')) : undefined;
}
