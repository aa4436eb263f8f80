import type { WithoutReasoning } from './reasoning-tags.ts';

const header =
  /<\|channel\|>\s{0,4}(\w{1,20})[^<]{0,60}(?:<\|constrain\|>[^<]{0,40})?<\|message\|>/g;
const ending = /<\|(?:end|return|start|call)\|>/g;

/**
 * The final message of an answer in OpenAI's harmony format, whose channels a server should have
 * taken apart; undefined for a text that is not in it.
 */
export function harmonyAnswer(
  text: string,
  options: { ownMarks: boolean },
): WithoutReasoning | undefined {
  const begins =
    /^\s*(?:<\|start\|>|<\|channel\|>|(?:analysis|commentary|final)\s?<\|message\|>)/.test(
      text.slice(0, 200),
    );
  if (!begins && (options.ownMarks || !text.includes('<|start|>assistant'))) {
    return withoutMarks(text);
  }
  let final: number | undefined;
  for (const match of text.matchAll(header)) {
    if (match[1] === 'final') final = match.index + match[0].length;
  }
  if (final === undefined) {
    const bare = /^\s*final\s?<\|message\|>/.exec(text.slice(0, 200));
    if (bare === null) return begins ? { text: '', reasoned: true, unfinished: true } : undefined;
    final = bare[0].length;
  }
  ending.lastIndex = final;
  const end = ending.exec(text)?.index ?? text.length;
  return { text: text.slice(final, end).trim(), reasoned: true, unfinished: false };
}

/** The same where the server dropped the marks and left the names of the channels. */
function withoutMarks(text: string): WithoutReasoning | undefined {
  if (!/^\s*analysis[A-Z]/.test(text.slice(0, 200))) return undefined;
  const mark = 'assistantfinal';
  const final = text.lastIndexOf(mark);
  return final === -1
    ? undefined
    : { text: text.slice(final + mark.length).trim(), reasoned: true, unfinished: false };
}
