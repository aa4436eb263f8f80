import { answerOfEvents } from './event-stream.ts';
import { usualChat } from './usual-chat.ts';

/** The form of the answers that an interface gives. */
export type AnswerForm = 'chat' | 'responses' | 'messages' | 'gemini';

/**
 * Brings successful answers that are readable, but not as the interface promises, into its usual form:
 * event streams that nobody asked for, odd types beside the text. Others are handed on as they came.
 */
export function answerReader(form: AnswerForm): (answer: ReadAnswer) => Response {
  return ({ response, bytes }) => {
    const asItCame = (): Response => withBody(response, bytes);
    if (!response.ok) return asItCame();
    const type = response.headers.get('content-type') ?? '';
    const isStream =
      /event-stream/i.test(type) || /^(?:data|event|id):/.test(bytes.subarray(0, 6).toString());
    if (!isStream && form !== 'chat') return asItCame();
    const text = new TextDecoder().decode(bytes);
    const json = isStream ? answerOfEvents(text, form) : parsed(text);
    const usual = form === 'chat' ? usualChat(json) : json;
    if (usual === undefined) return asItCame();
    return Response.json(usual, { status: response.status, headers: plainHeaders(response) });
  };
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
