/** What keys of well-known services look like, strict enough not to cry wolf over ordinary code. */
const keyShapes: readonly RegExp[] = [
  /\bsk-(?:proj-|ant-|or-)?[A-Za-z0-9_-]{20,}/,
  /\bAIza[A-Za-z0-9_-]{35}/,
  /\bAKIA[A-Z0-9]{16}\b/,
  /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,}|glpat-[A-Za-z0-9_-]{20,})/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  /\bhf_[A-Za-z0-9]{30,}/,
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
];

/** Whether a text holds one of the given secrets, or what looks like a real key. */
export function holdsSecret(text: string, secrets: readonly string[] = []): boolean {
  return (
    secrets.some((secret) => secret.length >= shortestSecret && text.includes(secret)) ||
    keyShapes.some((shape) => shape.test(text))
  );
}

/** Shorter ones are placeholders of local servers. */
const shortestSecret = 8;
