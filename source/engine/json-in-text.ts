/**
 * The JSON values in a text that may have fences and prose around them: the whole text where it is
 * JSON, else fenced blocks, then every balanced `{…}` that is not inside another.
 */
export function* jsonValuesIn(text: string): Generator {
  const whole = parse(text.trim());
  if (whole !== undefined) {
    yield whole.value;
    return;
  }
  for (const match of text.matchAll(/```[\w-]*[^\S\n]*\n([\s\S]*?)```/g)) {
    const fenced = parse(match[1] ?? '');
    if (fenced !== undefined) yield fenced.value;
  }
  yield* objectsIn(text);
}

/** Braces in prose that are looked at before giving up; each may scan the rest of the text. */
const startsAtMost = 200;

function* objectsIn(text: string): Generator {
  let start = text.indexOf('{');
  for (let tried = 0; start !== -1 && tried < startsAtMost; tried += 1) {
    const end = closingBrace(text, start);
    const found = end === -1 ? undefined : parse(text.slice(start, end + 1));
    if (found !== undefined) yield found.value;
    start = text.indexOf('{', found === undefined ? start + 1 : end + 1);
  }
}

/** Where the object that opens at `start` closes; -1 where it does not. */
function closingBrace(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return -1;
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // Not JSON: the next candidate may be.
    return undefined;
  }
}
