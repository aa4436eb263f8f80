import type { TokenUsage } from '../../domain/model-api.ts';
import type { Excess } from './cost-bounds.ts';

/** What was sent and what came back, in UTF-8 bytes and tokens. */
export type Exchanged = {
  promptBytes: number;
  /** At most so many input tokens, if nobody added any. */
  inputTokens: number;
  maxOutputTokens: number;
  answerBytes: number;
};

export type UsageVerdict =
  /** It can be true; `excess` is what it has beyond what was sent and asked for. */
  | { plausible: true; usage: TokenUsage; excess: Excess }
  /** It cannot be true: one part of a sentence that says why. */
  | { plausible: false; problem: string };

/** More bytes than this no tokenizer puts into the tokens of a text, on average. */
const mostBytesPerToken = 64;
/** Servers may count a few tokens of their own, or leave some out. */
const tolerance = 16;
/** What a gateway may plausibly add to a prompt: instructions, tools, search results. */
const mostAddedTokens = 262_144;
/** What a model may plausibly think beyond the limit that it was given: more than any is known to. */
const mostReasoningTokens = 131_072;

/** Whether a server can have used what it says, given what it was sent and what it answered. */
export function judgeUsage(usage: TokenUsage, exchanged: Exchanged): UsageVerdict {
  const problem = contradiction(usage) ?? refutation(usage, exchanged);
  if (problem !== undefined) return { plausible: false, problem };
  const { inputTokens, maxOutputTokens } = exchanged;
  const excess = {
    input: Math.max(0, usage.inputTokens - inputTokens),
    output: Math.max(0, usage.outputTokens - maxOutputTokens),
  };
  return { plausible: true, usage, excess };
}

/** What is wrong with a usage in itself. */
function contradiction(usage: TokenUsage): string | undefined {
  const { inputTokens, cachedInputTokens, cacheWriteTokens = 0 } = usage;
  const { outputTokens, reasoningTokens = 0 } = usage;
  const counts = [inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens];
  const odd = counts.find((count) => !Number.isSafeInteger(count) || count < 0);
  if (odd !== undefined) return `${odd} is no number of tokens`;
  if (cachedInputTokens + cacheWriteTokens > inputTokens) {
    return `${cachedInputTokens + cacheWriteTokens} of ${inputTokens} input tokens are said to be cached`;
  }
  if (reasoningTokens > outputTokens) {
    return `${reasoningTokens} of ${outputTokens} output tokens are said to be reasoning`;
  }
  return undefined;
}

/** What the texts themselves say against it. */
function refutation(usage: TokenUsage, exchanged: Exchanged): string | undefined {
  const { inputTokens, outputTokens } = usage;
  const { promptBytes, answerBytes, maxOutputTokens } = exchanged;
  // Of the input there is no least: servers cut prompts to their window, or leave out what they had.
  if (outputTokens < answerBytes / mostBytesPerToken - tolerance) {
    return `${outputTokens} output tokens for an answer of ${answerBytes} bytes`;
  }
  if (inputTokens > exchanged.inputTokens + mostAddedTokens) {
    return `${inputTokens} input tokens for a prompt of ${promptBytes} bytes`;
  }
  if (outputTokens > Math.max(maxOutputTokens, answerBytes) + mostReasoningTokens) {
    return `${outputTokens} output tokens for an answer of ${answerBytes} bytes`;
  }
  return undefined;
}

/** Fewer bytes than this of ordinary text in a token are usual; runs of one character are not. */
const usualMostBytesPerToken = 7;
/** Shorter prompts fit into any window. */
const shortestCutBytes = 4000;

/**
 * Whether a server counted far fewer input tokens than the prompt can have, so that it must have read
 * only part of it: local ones cut what does not fit into their window, and say nothing. Returns about
 * how many tokens the prompt has at least.
 */
export function tokensOfCutPrompt(
  inputTokens: number,
  texts: readonly string[],
): number | undefined {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes < shortestCutBytes || inputTokens >= bytes / usualMostBytesPerToken) return undefined;
  const fewest = texts.reduce((sum, text) => sum + fewestInSample(text), 0);
  return inputTokens < fewest ? Math.round(fewest) : undefined;
}

/** Counting a megabyte takes tens of milliseconds, so of long texts pieces are counted, in UTF-16 units. */
const pieceLength = 4096;
const piecesAtMost = 32;

function fewestInSample(text: string): number {
  if (text.length <= pieceLength * piecesAtMost) return fewestTokens(text);
  const apart = (text.length - pieceLength) / (piecesAtMost - 1);
  let sampled = 0;
  for (let piece = 0; piece < piecesAtMost; piece += 1) {
    const start = Math.floor(piece * apart);
    sampled += fewestTokens(text.slice(start, start + pieceLength));
  }
  return (sampled * text.length) / (pieceLength * piecesAtMost);
}

/** Runs of one character (indentation, rules) are few tokens, however long. */
function fewestTokens(text: string): number {
  let units = 0;
  let previous = -1;
  let repeated = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    repeated = code === previous ? repeated + 1 : 0;
    previous = code;
    if (repeated < 3) units += code < 0x80 ? 1 : tokensOfOthers * usualMostBytesPerToken;
  }
  return units / usualMostBytesPerToken;
}

/** Tokens per UTF-16 unit of other scripts, at the least. */
const tokensOfOthers = 0.25;
