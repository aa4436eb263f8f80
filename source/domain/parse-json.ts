/** What a text from outside says; undefined where it is no JSON, which has no word for that itself. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
