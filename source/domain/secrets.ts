/**
 * How keys and tokens of one kind look. Messages are read generously, since a key that is shown is lost:
 * servers echo half a key, or one with stars in it. Answers are read strictly, since ordinary code is not
 * to be refused. Every repetition that may fail is bounded: outputs of megabytes pass through here.
 */
type SecretShape = {
  /** What is blanked in a message; absent: nothing. */
  inMessage?: RegExp;
  /** What is a real key in an answer; absent: nothing is for certain. */
  inAnswer?: RegExp;
};

const secretShapes: readonly SecretShape[] = [
  // OpenAI, Anthropic, DeepSeek, Moonshot and others.
  {
    inMessage: /\bsk-[A-Za-z0-9_*-]{8,}/g,
    inAnswer: /\bsk-(?:proj-|ant-|or-)?[A-Za-z0-9_-]{20,}/,
  },
  // Google.
  { inMessage: /\bAIza[A-Za-z0-9_-]{20,}/g, inAnswer: /\bAIza[A-Za-z0-9_-]{35}/ },
  // GitHub, GitLab, Slack, Hugging Face, Groq, xAI, Perplexity.
  {
    inMessage:
      /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|hf_|gsk_|xai-|pplx-)[A-Za-z0-9_-]{10,}/g,
    inAnswer:
      /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,}|glpat-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|hf_[A-Za-z0-9]{30,})/,
  },
  // Amazon.
  { inMessage: /\bAKIA[A-Z0-9]{16}\b/g, inAnswer: /\bAKIA[A-Z0-9]{16}\b/ },
  // JSON web tokens, which examples are full of.
  { inMessage: /(?<![\w-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g },
  { inAnswer: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/ },
  // By where it stands.
  { inMessage: /(?<=\b(?:bearer|basic)\s{1,4})[A-Za-z0-9._~+/=-]{8,}/gi },
  {
    inMessage:
      /(?<=\b(?:api[_-]?key|x-api-key|key|token|secret|password)["']?\s{0,2}[=:]\s{0,2}["']?)[A-Za-z0-9._~+/*-]{8,}/gi,
  },
];

/** In characters. A shorter one is a placeholder of a local server, and blanking it would mangle ordinary text. */
const minSecretLength = 8;

/** Those of the given secrets that are looked for in texts: the ones long enough to be keys. */
function realSecrets(secrets: readonly string[]): string[] {
  return secrets.filter((secret) => secret.length >= minSecretLength);
}

/** Blanks the given secrets and nothing else. For texts that are kept: prompts and outputs. */
export function redactGiven(text: string, secrets: readonly string[]): string {
  let redacted = text;
  for (const secret of realSecrets(secrets)) redacted = redacted.replaceAll(secret, '[redacted]');
  return redacted;
}

/**
 * Blanks the given secrets and everything shaped like one. For whatever leaves the program: messages,
 * logs, files.
 */
export function redactSecrets(text: string, secrets: readonly string[] = []): string {
  let redacted = redactGiven(text, secrets);
  for (const { inMessage } of secretShapes) {
    if (inMessage !== undefined) redacted = redacted.replaceAll(inMessage, '[redacted]');
  }
  return redacted;
}

/** Whether an answer holds one of the given secrets, or what looks like a real key. */
export function holdsSecret(text: string, secrets: readonly string[] = []): boolean {
  return (
    realSecrets(secrets).some((secret) => text.includes(secret)) ||
    secretShapes.some(({ inAnswer }) => inAnswer?.test(text) === true)
  );
}
