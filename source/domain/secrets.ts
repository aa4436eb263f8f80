/**
 * What an API key or token looks like, by the issuers' own prefixes and by where it stands. Every
 * repetition that may fail is bounded: outputs of megabytes pass through here.
 */
const secretShapes: readonly RegExp[] = [
  // OpenAI, Anthropic, DeepSeek, Moonshot and others; also as servers echo them, half starred out.
  /\bsk-[A-Za-z0-9_*-]{8,}/g,
  /\bAIza[A-Za-z0-9_-]{20,}/g,
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|hf_|gsk_|xai-|pplx-)[A-Za-z0-9_-]{10,}/g,
  /\bAKIA[A-Z0-9]{16}\b/g,
  /(?<![\w-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /(?<=\b(?:bearer|basic)\s{1,4})[A-Za-z0-9._~+/=-]{8,}/gi,
  /(?<=\b(?:api[_-]?key|x-api-key|key|token|secret|password)["']?\s{0,2}[=:]\s{0,2}["']?)[A-Za-z0-9._~+/*-]{8,}/gi,
];

/** A secret shorter than this is no key, and blanking it would mangle ordinary text. */
const shortestSecret = 6;

/**
 * Blanks the given secrets and everything shaped like one. For whatever leaves the program: messages,
 * logs, files.
 */
export function redactSecrets(text: string, secrets: readonly string[] = []): string {
  let redacted = text;
  for (const secret of secrets) {
    if (secret.length >= shortestSecret) redacted = redacted.replaceAll(secret, '[redacted]');
  }
  for (const shape of secretShapes) redacted = redacted.replaceAll(shape, '[redacted]');
  return redacted;
}
