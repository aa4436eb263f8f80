/** A text of a model after its reasoning was taken out. */
export type WithoutReasoning = {
  text: string;
  /** There was some. */
  reasoned: boolean;
  /** The text ends within reasoning: the answer, or its end, is missing. */
  unfinished: boolean;
};

/** A mark with which a model opens or closes its reasoning. */
export type ReasoningTag = {
  kind: 'open' | 'close';
  /** Tags of one family open and close one another. */
  family: string;
  /** Its only use is reasoning; others are words that an answer may have tags of as well. */
  native: boolean;
  start: number;
  end: number;
};

/** Every mark in use that we know of, in one pass; attributes are tolerated, and bounded. */
const anyTag = new RegExp(
  [
    String.raw`<(?<slash>\/?)\s?(?:(?<prefix>[a-z]{1,12}):)?(?<name>think|thinking(?:[_-]process)?|thoughts?|(?:thought|reasoning)[_-]process|(?:internal|inner)[_-]thoughts?|chain[_-]of[_-]thought|reasoning|reflection|scratchpad|inner_?monologue)(?:\s[^<>]{0,80})?>`,
    String.raw`\[(?<bracket>\/?)(?:THINK|THINKING|REASONING)\]`,
    String.raw`◁(?<triangle>\/?)think▷`,
    String.raw`<\|(?<edge>begin|start|end)_(?:of_)?(?:thought|think|thinking|reasoning)\|>`,
    String.raw`<\|(?<pipe>\/?)(?:think|thinking|reasoning)\|>`,
    String.raw`<unused9(?<unused>[45])>`,
    String.raw`(?<gemma><\|channel>thought\b|<channel\|>)`,
  ].join('|'),
  'giu',
);

export function* reasoningTagsIn(text: string): Generator<ReasoningTag> {
  for (const match of text.matchAll(anyTag)) {
    const { slash, name = '', bracket, triangle, edge, pipe, unused, gemma } = match.groups ?? {};
    const place = { start: match.index, end: match.index + match[0].length };
    if (slash !== undefined) {
      const word = name.toLowerCase();
      const native = word.startsWith('think');
      yield { ...place, kind: kindOf(slash === '/'), family: native ? 'think' : word, native };
    } else if (bracket !== undefined) {
      yield { ...place, kind: kindOf(bracket === '/'), family: '[THINK]', native: true };
    } else if (triangle !== undefined) {
      yield { ...place, kind: kindOf(triangle === '/'), family: '◁think▷', native: true };
    } else if (edge !== undefined) {
      const closes = edge.toLowerCase() === 'end';
      yield { ...place, kind: kindOf(closes), family: '<|thought|>', native: true };
    } else if (pipe !== undefined) {
      yield { ...place, kind: kindOf(pipe === '/'), family: '<|think|>', native: true };
    } else if (unused !== undefined) {
      yield { ...place, kind: kindOf(unused === '5'), family: '<unused>', native: true };
    } else if (gemma !== undefined) {
      yield { ...place, kind: kindOf(gemma.endsWith('|>')), family: '<channel|>', native: true };
    }
  }
}

const kindOf = (closes: boolean): 'open' | 'close' => (closes ? 'close' : 'open');
