import { isRecord } from '../domain/is-record.ts';
import { ownValue } from '../domain/own-value.ts';

type Json = Record<string, unknown>;

/** Other servers' words for why a model stopped. */
const finishWords: Readonly<Record<string, string>> = {
  eos: 'stop',
  eos_token: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  complete: 'stop',
  max_tokens: 'length',
  max_length: 'length',
  max_output_tokens: 'length',
  model_length: 'length',
  model_context_window_exceeded: 'length',
  context_length: 'length',
  truncated: 'length',
  safety: 'content_filter',
  sensitive: 'content_filter',
  refusal: 'content_filter',
  blocked: 'content_filter',
  blocklist: 'content_filter',
  prohibited_content: 'content_filter',
  spii: 'content_filter',
  image_safety: 'content_filter',
  recitation: 'content_filter',
  'content-filter': 'content_filter',
  contentfilter: 'content_filter',
  content_filtered: 'content_filter',
};

/** Reasons that say that the server broke off: what there is of a text is no answer. */
const brokenOff: ReadonlySet<string> = new Set([
  'error',
  'network_error',
  'insufficient_system_resource',
  'aborted',
  'abort',
  'cancelled',
  'interrupted',
]);

/**
 * A chat completion with only what is read of it, in the types that are promised: servers put other
 * things beside the text. An error within a choice becomes the error of the whole answer, which may be
 * billed. Undefined where it holds no choice.
 */
export function usualChat(answer: unknown): Json | undefined {
  if (!isRecord(answer)) return undefined;
  const { choices, error: whole, id, model, usage } = answer;
  const hasError = typeof whole === 'string' || isRecord(whole);
  const [choice] = Array.isArray(choices) ? choices : [];
  if (hasError || !isRecord(choice)) return undefined;
  const reason = typeof choice['finish_reason'] === 'string' ? choice['finish_reason'] : undefined;
  if (isRecord(choice['error'])) return { error: choice['error'], mayBeBilled: true };
  const word = reason?.toLowerCase();
  if (word !== undefined && brokenOff.has(word)) {
    const error = { message: `the answer was broken off (${word})`, type: 'server_error' };
    return { error, mayBeBilled: true };
  }
  const message = isRecord(choice['message']) ? choice['message'] : choice;
  return {
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof model === 'string' ? { model } : {}),
    choices: [
      {
        message: usualMessage(message),
        finish_reason: word === undefined ? null : (ownValue(finishWords, word) ?? word),
      },
    ],
    ...(isRecord(usage) ? { usage: usualNumbers(usage) } : {}),
  };
}

function usualMessage(message: Json): Json {
  const { content, text, refusal, reasoning_content: own, reasoning } = message;
  const reasoned = own ?? reasoning;
  return {
    role: 'assistant',
    content: textOf(content ?? text),
    ...(typeof refusal === 'string' && refusal !== '' ? { refusal } : {}),
    ...(typeof reasoned === 'string' ? { reasoning_content: reasoned } : {}),
  };
}

/** Parts of a content that are text, in their order; what a model thought is not. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = Array.isArray(content) ? content : [content];
  return parts
    .map((part: unknown) => {
      if (typeof part === 'string') return part;
      if (
        !isRecord(part) ||
        /think|reason/i.test(typeof part['type'] === 'string' ? part['type'] : '')
      )
        return '';
      const { text, content: inner } = part;
      if (typeof text === 'string') return text;
      if (isRecord(text) && typeof text['value'] === 'string') return text['value'];
      return typeof inner === 'string' ? inner : '';
    })
    .join('');
}

/** Counts that some servers write as text; nulls are left out. One level of details is kept. */
function usualNumbers(usage: Json, depth = 0): Json {
  return Object.fromEntries(
    Object.entries(usage)
      .slice(0, 50)
      .flatMap(([name, value]): [string, unknown][] => {
        if (/details$/i.test(name))
          return depth === 0 && isRecord(value) ? [[name, usualNumbers(value, 1)]] : [];
        if (typeof value === 'number') return [[name, value]];
        return typeof value === 'string' && /^\d{1,15}$/.test(value) ? [[name, Number(value)]] : [];
      }),
  );
}
