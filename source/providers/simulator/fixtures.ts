import {
  builtInTaskTypes,
  isBuiltInTaskType,
  type BuiltInTaskType,
  type TaskType,
} from '../../domain/task-type.ts';
import type { TokenPrice } from '../settings.ts';
import { clamp, rngFor, normal } from './rng.ts';

/** A model of the simulator, as it truly is; routing has to find out. */
export type SimulatedModel = {
  id: string;
  provider: string;
  /** What it is offered for; absent: everything. */
  taskTypes?: readonly BuiltInTaskType[];
  /** Dollars per million tokens. */
  price: TokenPrice;
  /** Median milliseconds per answer: everything here happens about a hundred times faster. */
  latencyMs: number;
  /** Share of calls that end in status 500, and in 429. */
  failureRate: number;
  rateLimitRate: number;
  /** Share of answers that are not valid code or JSON. */
  malformedRate: number;
  /** Length of its texts relative to the others'. */
  verbosity: number;
  /** How much better than the truth its judgements are; absent: not at all. */
  leniency?: number;
};

export type Fixtures = {
  models: readonly SimulatedModel[];
  /** The mean quality of a model's first answers on a day of the story, in [0, 1]. */
  quality(model: string, taskType: TaskType, day: number): number;
  /** What changes while the story goes on. */
  changes: readonly QualityChange[];
};

/** A change of true quality, spread over the days around `day`. */
export type QualityChange = { model: string; taskType: TaskType; day: number; by: number };

/** The story runs from day 0 to this day, which is today. */
export const storyDays = 60;

type ModelFixture = SimulatedModel & { quality: readonly number[] };

// Quality in the order of the built-in task types: code_generation, code_review, complex_reasoning,
// creative_writing, data_extraction, summarization, evaluation.
const table: readonly ModelFixture[] = [
  {
    id: 'borealis-max',
    provider: 'borealis',
    price: { input: 5, output: 25, cachedInput: 0.5 },
    latencyMs: 26,
    failureRate: 0.004,
    rateLimitRate: 0.01,
    malformedRate: 0.005,
    verbosity: 1.2,
    quality: [0.94, 0.93, 0.95, 0.92, 0.97, 0.93, 0.94],
  },
  {
    id: 'borealis-mini',
    provider: 'borealis',
    taskTypes: ['creative_writing', 'data_extraction', 'summarization', 'evaluation'],
    price: { input: 0.8, output: 4, cachedInput: 0.08 },
    latencyMs: 13,
    failureRate: 0.006,
    rateLimitRate: 0.01,
    malformedRate: 0.02,
    verbosity: 0.9,
    quality: [0.84, 0.8, 0.78, 0.85, 0.93, 0.88, 0.82],
  },
  {
    id: 'meridian-pro',
    provider: 'meridian',
    price: { input: 2, output: 10, cachedInput: 0.2 },
    latencyMs: 21,
    failureRate: 0.006,
    rateLimitRate: 0.005,
    malformedRate: 0.01,
    verbosity: 1.1,
    quality: [0.91, 0.92, 0.92, 0.9, 0.96, 0.92, 0.91],
  },
  {
    id: 'meridian-flash',
    provider: 'meridian',
    taskTypes: ['creative_writing', 'data_extraction', 'summarization'],
    price: { input: 0.15, output: 0.6 },
    latencyMs: 8,
    failureRate: 0.01,
    rateLimitRate: 0.02,
    malformedRate: 0.16,
    verbosity: 0.8,
    quality: [0.8, 0.78, 0.76, 0.82, 0.94, 0.91, 0.8],
  },
  {
    id: 'meridian-code',
    provider: 'meridian',
    taskTypes: ['code_generation', 'code_review'],
    price: { input: 1.2, output: 6 },
    latencyMs: 17,
    failureRate: 0.005,
    rateLimitRate: 0.005,
    malformedRate: 0.008,
    verbosity: 1,
    quality: [0.95, 0.93, 0.85, 0.68, 0.92, 0.78, 0.84],
  },
  {
    id: 'tidepool-reasoner',
    provider: 'tidepool',
    taskTypes: ['code_generation', 'code_review', 'complex_reasoning', 'evaluation'],
    price: { input: 0.6, output: 2.4, cachedInput: 0.06 },
    latencyMs: 34,
    failureRate: 0.01,
    rateLimitRate: 0.01,
    malformedRate: 0.01,
    verbosity: 1.5,
    leniency: -0.05,
    quality: [0.89, 0.9, 0.96, 0.8, 0.94, 0.86, 0.93],
  },
  {
    id: 'tidepool-chat',
    provider: 'tidepool',
    price: { input: 0.28, output: 1.1, cachedInput: 0.03 },
    latencyMs: 14,
    failureRate: 0.012,
    rateLimitRate: 0.01,
    malformedRate: 0.02,
    verbosity: 1,
    quality: [0.9, 0.86, 0.87, 0.88, 0.95, 0.9, 0.86],
  },
  {
    id: 'foundry-70b',
    provider: 'foundry',
    taskTypes: ['code_review', 'creative_writing', 'data_extraction', 'summarization'],
    price: { input: 0.4, output: 0.5 },
    latencyMs: 18,
    failureRate: 0.02,
    rateLimitRate: 0,
    malformedRate: 0.05,
    verbosity: 1.1,
    quality: [0.83, 0.8, 0.8, 0.83, 0.91, 0.87, 0.79],
  },
  {
    id: 'foundry-8b',
    provider: 'foundry',
    taskTypes: ['data_extraction', 'summarization'],
    price: { input: 0.05, output: 0.08 },
    latencyMs: 6,
    failureRate: 0.03,
    rateLimitRate: 0,
    malformedRate: 0.25,
    verbosity: 0.9,
    quality: [0.66, 0.6, 0.55, 0.68, 0.87, 0.8, 0.58],
  },
];

/** How far a seed moves each quality of the table. */
const jitter = 0.015;

/** What a change comes to, and the days it takes. */
const decline = -0.22;
const improvement = 0.12;
const changeTakesDays = 10;

/** The task types that a model of the simulator can do; undefined: all, or it is none of them. */
export const simulatedTaskTypes = (model: string): readonly BuiltInTaskType[] | undefined =>
  table.find(({ id }) => id === model)?.taskTypes;

/** The fixtures of a seed: the table, moved a little, and two changes for routing to notice. */
export function createFixtures(seed: number): Fixtures {
  const base = (row: ModelFixture, taskType: TaskType): number => {
    if (!isBuiltInTaskType(taskType)) {
      // A user's own type is as hard as the others on average, a bit better or worse by random.
      const mean = row.quality.reduce((sum, quality) => sum + quality, 0) / row.quality.length;
      return clamp(normal(rngFor(seed, 'quality', row.id, taskType), mean, 0.04), 0.05, 0.98);
    }
    const quality = row.quality[builtInTaskTypes.indexOf(taskType)] ?? 0;
    return clamp(normal(rngFor(seed, 'quality', row.id, taskType), quality, jitter), 0.05, 0.98);
  };
  const changes = changesOf(seed, base);
  const rows = new Map(table.map((row) => [row.id, row]));
  return {
    models: table,
    changes,
    quality(model, taskType, day) {
      const row = rows.get(model);
      if (row === undefined) return 0;
      const moved = changes
        .filter((change) => change.model === model && change.taskType === taskType)
        .reduce((sum, change) => sum + change.by * progress(day - change.day), 0);
      return clamp(base(row, taskType) + moved, 0.05, 0.98);
    },
  };
}

/** The cheap favourite of one task type gets worse; a cheap also-ran of another gets better. */
function changesOf(
  seed: number,
  base: (row: ModelFixture, taskType: TaskType) => number,
): QualityChange[] {
  const random = rngFor(seed, 'changes');
  const worse = random() < 0.5 ? 'summarization' : 'data_extraction';
  const better = random() < 0.5 ? 'code_review' : 'creative_writing';
  const best = Math.max(...table.map((row) => base(row, worse)));
  const favourite = table
    .filter((row) => base(row, worse) >= best - 0.05)
    .toSorted((one, other) => one.price.output - other.price.output)[0];
  // Within the last month of the story, and well before its end.
  const day = storyDays / 2 + 5 + Math.floor(random() * 5);
  return [
    ...(favourite === undefined
      ? []
      : [{ model: favourite.id, taskType: worse, day, by: decline }]),
    { model: 'foundry-70b', taskType: better, day: day - 4, by: improvement },
  ];
}

/** 0 before, 1 after, in between along the way. */
function progress(daysSince: number): number {
  return clamp(daysSince / changeTakesDays + 0.5, 0, 1);
}
