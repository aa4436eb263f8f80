import { isUtf8 } from 'node:buffer';
import { parseJson } from '../domain/parse-json.ts';
import { yieldFor } from '../domain/yield-for.ts';
import { answerOfEvents, type AnswerForm } from './event-stream.ts';
import { isModestJson } from './json-shape.ts';
import { withReadableUsage } from './readable-usage.ts';
import { usualChat } from './usual-chat.ts';

/**
 * Brings successful answers that are readable, but not as the interface promises, into its usual form:
 * event streams that nobody asked for, odd types beside the text. Others are handed on as they came.
 */
export function answerReader(form: AnswerForm): (answer: ReadAnswer) => Promise<Response> {
  return async ({ response, bytes: sent }) => {
    const bytes = inUtf8(sent, response);
    const isStream = response.ok && isEventStream(response, bytes);
    // What nobody could read in time is handed on as nothing, which is no answer of any interface.
    if (!isStream && !isModestJson(bytes)) return withBody(response, Buffer.alloc(0));
    if (!response.ok) return withBody(response, bytes);
    const text = new TextDecoder().decode(bytes);
    if (!isStream && form !== 'chat') {
      const mended = withReadableUsage(text);
      return mended === undefined ? withBody(response, bytes) : asJson(response, mended);
    }
    const json = isStream ? await answerOfEvents(text, form) : parseJson(text);
    // Between two passes over a long answer others have their turn.
    await yieldFor(bytes);
    const usual = form === 'chat' ? usualChat(json) : json;
    if (usual === undefined)
      return isStream && json !== undefined ? asJson(response, json) : withBody(response, bytes);
    return asJson(response, usual);
  };
}

/** JSON is UTF-8. Where an answer is not, whatever its server calls it, the encoding it names counts. */
function inUtf8(bytes: Buffer, { headers }: Response): Buffer {
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes;
  const [, named] = /charset="?([^\s";]+)/i.exec(headers.get('content-type') ?? '') ?? [];
  const isBigEndian = bytes[0] === 0xfe && bytes[1] === 0xff;
  const isMarked = isBigEndian || (bytes[0] === 0xff && bytes[1] === 0xfe);
  const encoding = isMarked ? (isBigEndian ? 'utf-16be' : 'utf-16le') : named;
  if (encoding === undefined) return bytes;
  try {
    return Buffer.from(new TextDecoder(encoding).decode(bytes));
  } catch {
    return bytes;
  }
}

function isEventStream({ headers }: Response, bytes: Buffer): boolean {
  const type = headers.get('content-type') ?? '';
  return /event-stream/i.test(type) || /^(?:data|event|id|):/.test(bytes.subarray(0, 6).toString());
}

async function asJson(response: Response, json: unknown): Promise<Response> {
  const text = JSON.stringify(json);
  await yieldFor(text);
  return new Response(text, { status: response.status, headers: plainHeaders(response) });
}

/** An answer whose body was read; `response` holds the rest of it. */
export type ReadAnswer = { response: Response; bytes: Buffer };

function withBody(response: Response, bytes: Buffer): Response {
  const { status, statusText, headers } = response;
  const body = [204, 205, 304].includes(status) ? null : new Uint8Array(bytes);
  return new Response(body, { status, statusText, headers });
}

function plainHeaders({ headers }: Response): Headers {
  const kept = new Headers(headers);
  for (const name of ['content-type', 'content-length', 'content-encoding']) kept.delete(name);
  return kept;
}
