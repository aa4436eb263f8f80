export type CodeBlock = { language: string; code: string };

const fence = /^(`{3,})([^\n`]*)\n([\s\S]*?)^\1`*[^\S\n]*$/gm;

/** The fenced blocks of a text, in order. */
export function codeBlocksIn(text: string): CodeBlock[] {
  return [...text.matchAll(fence)].map((match) => ({
    language:
      (match[2] ?? '')
        .trim()
        .split(/[\s:{]/)[0]
        ?.toLowerCase() ?? '',
    code: match[3] ?? '',
  }));
}

/** The text itself, or what is in its fence where it is one fenced block and nothing else. */
export function withoutFence(text: string): CodeBlock {
  const trimmed = text.trim();
  const match = new RegExp(fence.source, 'm').exec(trimmed);
  if (match === null || match.index !== 0 || match[0].length !== trimmed.length) {
    return { language: '', code: trimmed };
  }
  const [block] = codeBlocksIn(trimmed);
  return block ?? { language: '', code: trimmed };
}
