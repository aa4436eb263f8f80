/**
 * An answer without the thoughts that some local models write in front of it, in the tag of their
 * training; hosted ones keep theirs apart.
 */
export function withoutThoughts(text: string): string {
  return text.replace(/^\s*<think>[\s\S]*?<\/think>\s*/, '');
}
