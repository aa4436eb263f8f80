import { setImmediate } from 'node:timers/promises';
import { isRecord } from '../domain/is-record.ts';
import { parseJson } from '../domain/parse-json.ts';
import { isModestJson } from './json-shape.ts';

/** The form of the answers that an interface gives. */
export type AnswerForm = 'chat' | 'responses' | 'messages' | 'gemini';

type Json = Record<string, unknown>;

/** Lines looked at, and those between two turns for everything else. */
const maxLines = 1_000_000;
const linesPerSlice = 500;

/**
 * The whole answer that a stream of server-sent events adds up to, in the form of an answer that was
 * not streamed; undefined where the events are of no known form.
 */
export async function answerOfEvents(text: string, form: AnswerForm): Promise<unknown> {
  const events = await eventsIn(text);
  const error = events.find((event) => event['error'] !== undefined && event['error'] !== null);
  // What was streamed before it may be billed.
  if (error !== undefined) return { error: error['error'], mayBeBilled: events.length > 1 };
  switch (form) {
    case 'chat': {
      return chatOf(events);
    }
    case 'responses': {
      return responseOf(events);
    }
    case 'messages': {
      return messageOf(events);
    }
    case 'gemini': {
      return geminiOf(events);
    }
  }
}

/** In slices, so that a long stream holds nothing else up. */
async function eventsIn(text: string): Promise<Json[]> {
  const events: Json[] = [];
  const ends = /\r\n|[\n\r]|$/g;
  let block: string[] = [];
  for (let start = 0, lines = 1; start < text.length && lines <= maxLines; lines += 1) {
    if (lines % linesPerSlice === 0) await setImmediate();
    ends.lastIndex = start;
    const { index = text.length, 0: end = '' } = ends.exec(text) ?? {};
    const line = text.slice(start, index);
    if (line.startsWith('data:')) block.push(line.slice(5).trim());
    start = index + end.length;
    if (line !== '') continue;
    await takeBlock(block, events);
    block = [];
  }
  await takeBlock(block, events);
  return events;
}

/** The lines up to an empty one are one event, or one each from servers that leave no line empty. */
async function takeBlock(block: readonly string[], events: Json[]): Promise<void> {
  const whole = eventIn(block.join('\n'));
  if (whole !== undefined) events.push(whole);
  if (whole !== undefined || block.length < 2) return;
  for (const [index, data] of block.entries()) {
    if (index % linesPerSlice === linesPerSlice - 1) await setImmediate();
    const event = eventIn(data);
    if (event !== undefined) events.push(event);
  }
}

function eventIn(data: string): Json | undefined {
  if (data === '' || data === '[DONE]' || !isModestJson(Buffer.from(data))) return undefined;
  // A line that was cut says nothing; what the others say is kept.
  const event = parseJson(data);
  return isRecord(event) ? event : undefined;
}

function chatOf(events: readonly Json[]): Json | undefined {
  let finish: unknown;
  let isChat = false;
  const texts: string[] = [];
  const reasoning: string[] = [];
  for (const event of events) {
    const [choice] = listOf(event['choices']);
    if (!isRecord(choice)) continue;
    isChat = true;
    finish = choice['finish_reason'] ?? finish;
    const delta = isRecord(choice['delta']) ? choice['delta'] : choice['message'];
    if (!isRecord(delta)) continue;
    texts.push(textOf(delta['content']));
    reasoning.push(textOf(delta['reasoning_content'] ?? delta['reasoning']));
  }
  if (!isChat) return undefined;
  // Without a reason to end the stream was cut.
  const message = {
    role: 'assistant',
    content: texts.join(''),
    reasoning_content: reasoning.join(''),
  };
  return {
    ...lastOf(events, ['id', 'model', 'usage']),
    choices: [{ index: 0, message, finish_reason: finish ?? 'length' }],
  };
}

/** OpenAI Responses: the last event holds the whole answer. */
function responseOf(events: readonly Json[]): unknown {
  return events.findLast(
    ({ response, type }) =>
      isRecord(response) && /^response\.(?:completed|incomplete|failed)$/.test(String(type)),
  )?.['response'];
}

function messageOf(events: readonly Json[]): Json | undefined {
  const start = events.find(({ type }) => type === 'message_start')?.['message'];
  if (!isRecord(start)) return undefined;
  const text = events
    .map(({ delta }) =>
      isRecord(delta) && delta['type'] === 'text_delta' ? textOf(delta['text']) : '',
    )
    .join('');
  const end = events.findLast(({ type }) => type === 'message_delta');
  const stop = isRecord(end?.['delta']) ? end['delta']['stop_reason'] : undefined;
  return {
    ...start,
    content: text === '' ? [] : [{ type: 'text', text }],
    stop_reason: stop ?? 'max_tokens',
    stop_sequence: null,
    usage: { ...objectOf(start['usage']), ...objectOf(end?.['usage']) },
  };
}

function geminiOf(events: readonly Json[]): Json | undefined {
  const last = events.at(-1);
  if (last === undefined) return undefined;
  let finish: unknown;
  const parts = events.flatMap((event) => {
    const [candidate] = listOf(event['candidates']);
    if (!isRecord(candidate)) return [];
    finish = candidate['finishReason'] ?? finish;
    return listOf(objectOf(candidate['content'])['parts']);
  });
  const candidate = {
    content: { role: 'model', parts },
    finishReason: finish ?? 'MAX_TOKENS',
    index: 0,
  };
  return { ...last, candidates: [candidate] };
}

function lastOf(events: readonly Json[], fields: readonly string[]): Json {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = events.findLast(
        (event) => event[field] !== undefined && event[field] !== null,
      )?.[field];
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return listOf(value)
    .map((part) => (isRecord(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('');
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const objectOf = (value: unknown): Json => (isRecord(value) ? value : {});
