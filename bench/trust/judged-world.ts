import type { ModelOffer, ModelRequest, ModelResponse } from '../../source/domain/model-api.ts';
import { readPrompt } from '../../source/domain/prompts.ts';

import type { Random } from '../../source/domain/runtime.ts';
import { createRng } from '../learning/rng.ts';

/** How a model judges: what it adds, what it adds to its own provider's, and whether it looks at all. */
export type JudgeNature = { severity: number; partiality: number; useless: boolean };

export type WorldModel = {
  id: string;
  provider: string;
  /** Dollars per million tokens of input; output costs five times as much. */
  price: number;
  /** Of its first answers, by task type. */
  quality: Record<string, number>;
  judge: JudgeNature;
};

/** Models that answer, criticise and judge without a network; what is true of them is known. */
export type JudgedWorld = {
  models: readonly WorldModel[];
  offers: ModelOffer[];
  taskTypes: readonly string[];
  generate(request: ModelRequest): Promise<ModelResponse>;
  /** The true quality of an answer. */
  qualityOf(text: string): number;
};

const taskTypes = ['code_review', 'creative_writing', 'summarization'];
const providers = ['north', 'south', 'east', 'west'];
/** Of single answers around a model's quality, and of single judgements around an answer's. */
const answerSpread = 0.08;
const judgementSpread = 0.04;
/** Share of the way to the best it can do that a revision goes. */
const revisionStep = 0.5;
const roomForRevision = 0.1;
const bytesPerToken = 4;

/** Of the eight judges two are severe, two generous, two prefer their own provider's, one does not look. */
const natures: readonly JudgeNature[] = [
  { severity: -0.08, partiality: 0, useless: false },
  { severity: -0.05, partiality: 0, useless: false },
  { severity: 0.08, partiality: 0, useless: false },
  { severity: 0.05, partiality: 0, useless: false },
  { severity: 0, partiality: 0.08, useless: false },
  { severity: 0.02, partiality: 0.08, useless: false },
  { severity: 0.05, partiality: 0, useless: true },
  { severity: 0, partiality: 0, useless: false },
];

/** A world of a seed: prices up to 50-fold apart, quality rising with the price by and large. */
export function createJudgedWorld(seed: number): JudgedWorld {
  const rng = createRng(seed);
  const normal = (): number => rng.normal();
  const order = shuffled(natures, rng.random);
  const models = order.map((judge, index): WorldModel => {
    const price = 0.2 * 50 ** (index / (order.length - 1));
    const general = 0.68 + 0.02 * index + 0.05 * normal();
    const quality = Object.fromEntries(
      taskTypes.map((type) => [type, clamp(general + 0.04 * normal(), 0.4, 0.95)]),
    );
    return { id: `model-${index}`, provider: providers[index % 4] ?? '', price, quality, judge };
  });
  const byId = new Map(models.map((model) => [model.id, model]));
  const providerOf = (id: string): string => byId.get(id)?.provider ?? '';
  const textFor = (model: WorldModel, { system = '', prompt }: ModelRequest): string => {
    const asked = readPrompt({ system, prompt });
    const truth = model.quality[asked?.taskType ?? ''] ?? 0.7;
    const given = asked?.section('answer') ?? '';
    switch (asked?.role) {
      case 'critic': {
        return 'It could be said better. '.repeat(40);
      }
      case 'judge': {
        const score = judged(model, given, { normal, providerOf });
        return JSON.stringify({ reasoning: 'Seen.', score: Number(score.toFixed(3)) });
      }
      case 'reviser': {
        const before = qualityIn(given);
        const best = Math.min(0.98, truth + roomForRevision);
        const gain = Math.max(0, best - before) * revisionStep;
        const helped = asked.section('review') === undefined ? gain / 3 : gain;
        return answerOf(model, before + helped + 0.02 * normal());
      }
      case 'planner':
      case 'generator':
      case undefined: {
        return answerOf(model, truth + answerSpread * normal());
      }
    }
  };

  return {
    models,
    taskTypes,
    offers: models.map(({ id, provider, price }) => ({
      id,
      provider,
      costUsd: ({ inputTokens, outputTokens }) =>
        (price * (inputTokens + 5 * outputTokens)) / 1_000_000,
    })),
    async generate(request) {
      const model = byId.get(request.model);
      if (model === undefined) throw new Error(`there is no ${request.model}`);
      const text = textFor(model, request);
      const inputTokens = Math.ceil(
        (request.prompt.length + (request.system?.length ?? 0)) / bytesPerToken,
      );
      const outputTokens = Math.ceil(text.length / bytesPerToken);
      return {
        text,
        finishReason: 'stop',
        usage: { inputTokens, cachedInputTokens: 0, outputTokens },
      };
    },
    qualityOf: qualityIn,
  };
}

function answerOf(model: WorldModel, quality: number): string {
  return `[${model.id} ${clamp(quality, 0, 1).toFixed(4)}] ${'word '.repeat(400)}`;
}

function judged(
  { provider, judge }: WorldModel,
  answer: string,
  { normal, providerOf }: { normal: () => number; providerOf: (id: string) => string },
): number {
  if (judge.useless) return clamp(0.75 + judge.severity + 0.1 * normal(), 0, 1);
  const author = /\[(\S+) /.exec(answer)?.[1] ?? '';
  const kin = providerOf(author) === provider ? judge.partiality : 0;
  return clamp(qualityIn(answer) + judge.severity + kin + judgementSpread * normal(), 0, 1);
}

function qualityIn(text: string): number {
  return Number(/\[\S+ ([\d.]+)\]/.exec(text)?.[1] ?? 0);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
