import * as z from 'zod';
import { parseJson } from '../../domain/parse-json.ts';
import type { Prompt } from '../../domain/prompts.ts';

const message = z.object({
  role: z.string(),
  content: z.union([
    z.string(),
    z
      .array(z.object({ text: z.string().default('') }))
      .transform((parts) => parts.map(({ text }) => text).join('')),
  ]),
});

/** What the simulator reads of a request in the form of OpenAI's chat completions. */
const completionRequest = z.object({
  model: z.string(),
  messages: z.array(message).min(1),
  max_tokens: z.number().positive().optional(),
  max_completion_tokens: z.number().positive().optional(),
});

export type CompletionRequest = { model: string; prompt: Prompt; maxTokens: number };

const isSystem = (role: string): boolean => role === 'system' || role === 'developer';

/** Undefined for anything that is not such a request. */
export function readCompletionRequest(body: string): CompletionRequest | undefined {
  const parsed = completionRequest.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const { model, messages, max_tokens: limit, max_completion_tokens: newLimit } = parsed.data;
  const textOf = (wanted: (role: string) => boolean): string =>
    messages
      .filter(({ role }) => wanted(role))
      .map(({ content }) => content)
      .join('\n');
  return {
    model,
    prompt: { system: textOf(isSystem), prompt: textOf((role) => !isSystem(role)) },
    maxTokens: newLimit ?? limit ?? Infinity,
  };
}

/** The simulator's tokens are four characters long. */
export const charactersPerToken = 4;

const tokensOf = (text: string): number => Math.ceil(text.length / charactersPerToken);

/** The answer in OpenAI's form, cut at the limit, with its usage. */
export function completionBody(request: CompletionRequest, text: string, id: string): string {
  const limit = request.maxTokens * charactersPerToken;
  const content = text.length > limit ? text.slice(0, limit) : text;
  const promptTokens = tokensOf(request.prompt.system) + tokensOf(request.prompt.prompt);
  const completionTokens = tokensOf(content);
  return JSON.stringify({
    id,
    object: 'chat.completion',
    created: 0,
    model: request.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content },
        finish_reason: content.length < text.length ? 'length' : 'stop',
      },
    ],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  });
}

export function errorBody(message: string, code: string): string {
  return JSON.stringify({ error: { message, type: code, code } });
}
