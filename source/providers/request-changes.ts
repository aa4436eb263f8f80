import { isRecord } from '../domain/is-record.ts';

/**
 * What a server wants otherwise in its requests, found out from its refusals. The output limit may be
 * renamed or lowered, never left out: without one no budget could be kept.
 */
export type RequestChanges = {
  limitField?: 'max_tokens' | 'max_completion_tokens';
  /** The most output tokens it takes as a limit. */
  maxLimit?: number;
  without: readonly OptionalField[];
  /** It has no place for a system text: that goes in front of the prompt. */
  systemInPrompt?: boolean;
  /** It answers as a stream of events only. */
  stream?: true;
};

export const noChanges: RequestChanges = { without: [] };

/** Parameters that a request can do without. */
type OptionalField = 'temperature' | 'response_format' | 'store';
type Json = Record<string, unknown>;

/** What a refusal names; a field may have several names. */
const optionalFields: readonly [OptionalField, RegExp][] = [
  ['temperature', /\btemperature\b/i],
  [
    'response_format',
    /response_?format|response_?mime_?type|json[ _]?(?:mode|object|schema)\b|text\.format/i,
  ],
  ['store', /\bstore\b/i],
];
const limitName = /\b(?:max_(?:completion_|output_)?tokens|maxoutputtokens|max_new_tokens)\b/i;
const tooLarge =
  /too (?:large|high|big)|less than or equal|at most|must be (?:less|<|between|in)|valid range|supported range|maximum|exceeds?|<=|≤|>|greater than/i;

/**
 * The changes that a refusal asks for beyond those made so far; undefined where it asks for none that
 * can be made. A refused request was not answered, so sending it again costs nothing twice.
 */
export function changesAfter(
  refusal: { message: string; parameter?: string },
  sent: Json,
  changes: RequestChanges,
): RequestChanges | undefined {
  const { parameter = '' } = refusal;
  const message = refusal.message.slice(0, 2000);
  const named = parameter === '' ? message : parameter;
  if (limitName.test(named) || (limitName.test(message) && parameter === '')) {
    return otherLimit(message, sent, changes);
  }
  const field = optionalFields.find(
    ([name, words]) => words.test(named) && hasField(sent, name) && !changes.without.includes(name),
  );
  if (field !== undefined) return { ...changes, without: [...changes.without, field[0]] };
  const isOfSystem =
    /system (?:role|message|prompt|instruction)s?|developer instruction|role[^.]{0,40}system|["'`]system["'`]/i.test(
      message,
    );
  if (isOfSystem && changes.systemInPrompt !== true && hasSystem(sent)) {
    return { ...changes, systemInPrompt: true };
  }
  if (
    /\bstream(?:ing)?\b/i.test(message) &&
    Array.isArray(sent['messages']) &&
    !('stream' in sent)
  ) {
    return { ...changes, stream: true };
  }
  return undefined;
}

function otherLimit(
  message: string,
  sent: Json,
  changes: RequestChanges,
): RequestChanges | undefined {
  const limit = limitOf(sent);
  if (limit !== undefined && tooLarge.test(message) && !/context|prompt|input/i.test(message)) {
    const largest = largestBelow(message, limit);
    if (largest !== undefined) return { ...changes, maxLimit: largest };
  }
  if (changes.limitField !== undefined) return undefined;
  if ('max_tokens' in sent) return { ...changes, limitField: 'max_completion_tokens' };
  return 'max_completion_tokens' in sent ? { ...changes, limitField: 'max_tokens' } : undefined;
}

/** The largest number in the text that is smaller than what was asked for. */
function largestBelow(message: string, limit: number): number | undefined {
  const exclusive = /\(exclusive\)|less than (?!or equal)|< ?\d/i.test(message) ? 1 : 0;
  const numbers = [...message.matchAll(/(?<![\w.-])\d{2,9}(?![\w-]|\.\d)/g)]
    .map(([digits]) => Number(digits) - exclusive)
    .filter((number) => number >= 16 && number < limit);
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

function limitOf(sent: Json): number | undefined {
  const { generationConfig } = sent;
  const inner = isRecord(generationConfig) ? generationConfig['maxOutputTokens'] : undefined;
  const limit =
    sent['max_tokens'] ?? sent['max_completion_tokens'] ?? sent['max_output_tokens'] ?? inner;
  return typeof limit === 'number' ? limit : undefined;
}

/** A request as this server takes it. */
export function changed(request: Json, changes: RequestChanges): Json {
  let body = { ...request };
  for (const field of changes.without) body = withoutField(body, field);
  if (changes.maxLimit !== undefined) body = withLimit(body, changes.maxLimit);
  if (changes.limitField !== undefined) body = renamedLimit(body, changes.limitField);
  if (changes.stream === true) body = { ...body, stream: true };
  return changes.systemInPrompt === true ? withSystemInPrompt(body) : body;
}

function renamedLimit(body: Json, name: 'max_tokens' | 'max_completion_tokens'): Json {
  const { max_tokens: short, max_completion_tokens: long, ...rest } = body;
  const limit = short ?? long;
  return limit === undefined ? body : { ...rest, [name]: limit };
}

function withLimit(body: Json, largest: number): Json {
  const lowered = { ...body };
  for (const name of ['max_tokens', 'max_completion_tokens', 'max_output_tokens']) {
    const limit = lowered[name];
    if (typeof limit === 'number') lowered[name] = Math.min(limit, largest);
  }
  const { generationConfig } = body;
  if (isRecord(generationConfig) && typeof generationConfig['maxOutputTokens'] === 'number') {
    const maxOutputTokens = Math.min(generationConfig['maxOutputTokens'], largest);
    lowered['generationConfig'] = { ...generationConfig, maxOutputTokens };
  }
  return lowered;
}

function hasField(body: Json, field: OptionalField): boolean {
  const { generationConfig: config, text } = body;
  if (field in body) return true;
  if (field === 'temperature') return isRecord(config) && 'temperature' in config;
  if (field === 'response_format') {
    return (
      (isRecord(config) && 'responseMimeType' in config) || (isRecord(text) && 'format' in text)
    );
  }
  return false;
}

function withoutField(body: Json, field: OptionalField): Json {
  const { [field]: _, ...rest } = body;
  const { generationConfig: config, text } = rest;
  if (isRecord(config)) {
    const { temperature, responseMimeType, responseSchema, ...others } = config;
    rest['generationConfig'] =
      field === 'temperature'
        ? withDefined(others, { responseMimeType, responseSchema })
        : field === 'response_format'
          ? withDefined(others, { temperature })
          : config;
  }
  if (field === 'response_format' && isRecord(text)) {
    const { format: __, ...others } = text;
    rest['text'] = others;
  }
  return rest;
}

function withDefined(base: Json, more: Json): Json {
  return {
    ...base,
    ...Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)),
  };
}

function hasSystem(body: Json): boolean {
  const { messages, systemInstruction } = body;
  if (systemInstruction !== undefined) return true;
  return Array.isArray(messages) && messages.some((message) => isSystem(message));
}

function withSystemInPrompt(body: Json): Json {
  const { messages, systemInstruction, contents, ...rest } = body;
  if (isRecord(systemInstruction) && Array.isArray(contents)) {
    const [first, ...others] = contents;
    const parts = [
      ...listOf(systemInstruction['parts']),
      ...(isRecord(first) ? listOf(first['parts']) : []),
    ];
    return { ...rest, contents: [{ ...(isRecord(first) ? first : {}), parts }, ...others] };
  }
  if (!Array.isArray(messages)) return body;
  const system = messages.filter(isSystem).map(textOf).join('\n\n');
  const others: unknown[] = messages.filter((message) => !isSystem(message));
  const [first, ...later] = others;
  if (!isRecord(first)) return body;
  const prompt = { ...first, content: `${system}\n\n${textOf(first)}` };
  return { ...body, messages: [prompt, ...later] };
}

function isSystem(message: unknown): boolean {
  return isRecord(message) && (message['role'] === 'system' || message['role'] === 'developer');
}

function textOf(message: unknown): string {
  const content = isRecord(message) ? message['content'] : undefined;
  if (typeof content === 'string') return content;
  return listOf(content)
    .map((part) => (isRecord(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('');
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
