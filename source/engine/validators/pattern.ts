/**
 * Whether a pattern of the user's matches. Some take for ever on some texts, so this is only asked where
 * it can be ended.
 */
export function matchesPattern(pattern: string, flags: string, text: string): boolean {
  return new RegExp(pattern, flags).test(text);
}
