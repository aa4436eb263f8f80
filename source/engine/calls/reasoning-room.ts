/** How many output tokens the models of a run need for their reasoning, beside those of an answer. */
export type ReasoningRoom = {
  /** Tokens to allow besides; 0 for a model that is not known to reason. */
  of: (model: string) => number;
  /** A model was seen to reason for so many tokens. */
  saw: (model: string, tokens: number) => void;
  /** Its server takes no request for so much output. */
  refused: (model: string) => void;
};

/** What models that are known by name to reason are given from the start. */
const usualRoom = 4096;

/** A model that reasoned once may do so for twice as long another time; never less than this. */
const leastRoom = 2048;

export function createReasoningRoom(): ReasoningRoom {
  const rooms = new Map<string, number>();
  return {
    of: (model) => rooms.get(model) ?? (reasonsByName(model) ? usualRoom : 0),
    refused(model) {
      rooms.set(model, 0);
    },
    saw(model, tokens) {
      const needed = 2 ** Math.ceil(Math.log2(Math.max(leastRoom, tokens * 2)));
      rooms.set(model, Math.max(rooms.get(model) ?? 0, needed));
    },
  };
}

/** Families whose models reason before they answer by default, and count it as output. */
const reasoningNames =
  /(?:^|[/:_-])(?:o[1-9](?:$|[-:.])|gpt-(?:[5-9]|oss)|deepseek-(?:r\d|reasoner)|r1(?:$|[-:.])|qwq|qwen3(?!.*instruct)|magistral|gemini-(?:2\.5|[3-9])|grok-[3-9]|kimi-k2(?:\.\d)?-thinking|minimax-m\d|glm-(?:4\.[5-9]|[5-9])|phi-4.*reasoning|exaone-deep|nemotron)|think|reason/i;

function reasonsByName(model: string): boolean {
  return reasoningNames.test(model) && !/non-?(?:thinking|reasoning)|no-?think/i.test(model);
}
