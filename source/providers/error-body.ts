import * as z from 'zod';

/** What the body of an error says, whichever of the providers' forms it has. */
export type ErrorBody = {
  /** The provider's words for the kind of error: codes, types, statuses. */
  words: string[];
  message?: string;
  /** Google writes the wait into the body. */
  retryAfterMs?: number;
};

const word = z.union([z.string(), z.number()]).transform(String).optional().catch(undefined);
const text = z.string().optional().catch(undefined);

const details = z.object({
  code: word,
  type: word,
  status: word,
  message: text,
  details: z
    .array(z.object({ retryDelay: text }))
    .optional()
    .catch(undefined),
});

/** OpenAI, Anthropic, Google, DeepSeek, Moonshot, Zhipu: `error`; MiniMax: `base_resp`. */
const body = z.object({
  error: z.union([details, z.string()]).optional(),
  base_resp: z.object({ status_code: z.number(), status_msg: text }).optional().catch(undefined),
  message: text,
  detail: text,
});

/** Undefined where the body is not JSON or holds no error. */
export function readErrorBody(responseBody: string | undefined): ErrorBody | undefined {
  const json = parseJson(responseBody);
  const parsed = body.safeParse(Array.isArray(json) ? json[0] : json);
  if (!parsed.success) return undefined;
  const { error, base_resp: minimax, message, detail } = parsed.data;
  if (typeof error === 'string') return { words: [], message: error };
  if (error !== undefined) {
    const delay = error.details?.find((item) => item.retryDelay !== undefined)?.retryDelay;
    const seconds = delay === undefined ? Number.NaN : Number.parseFloat(delay);
    return {
      words: [error.code, error.type, error.status].filter((item) => item !== undefined),
      ...(error.message === undefined ? {} : { message: error.message }),
      ...(Number.isFinite(seconds) ? { retryAfterMs: Math.round(seconds * 1000) } : {}),
    };
  }
  if (minimax !== undefined && minimax.status_code !== 0) {
    return {
      words: [String(minimax.status_code)],
      ...(minimax.status_msg === undefined ? {} : { message: minimax.status_msg }),
    };
  }
  const plain = message ?? detail;
  return plain === undefined ? undefined : { words: [], message: plain };
}

function parseJson(value: string | undefined): unknown {
  if (value === undefined) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
