import type { ModelCall } from '../../domain/model-call.ts';
import type { ProfileSnapshot } from '../../domain/profile.ts';
import type { Random } from '../../domain/runtime.ts';
import type { NamedTaskResult } from '../../domain/task-result.ts';
import { ownValue } from '../../domain/own-value.ts';
import type { TaskSpec } from '../../domain/run-event.ts';
import { isGain, standardOf } from '../../domain/task-standard.ts';
import type { BuiltInTaskType, TaskType } from '../../domain/task-type.ts';
import { type Fixtures, type SimulatedModel, storyDays } from './fixtures.ts';
import { clamp, normal, pick, rngFor } from './rng.ts';

type Tokens = [input: number, output: number];

/**
 * Tokens of a question and of its first answer, as the simulator's own texts have them: were the past's others,
 * every model would seem to become cheaper, or more expensive, on the day on which it ends.
 */
const tokensOf = {
  code_generation: [393, 156],
  code_review: [391, 201],
  complex_reasoning: [306, 228],
  creative_writing: [222, 192],
  data_extraction: [186, 137],
  summarization: [449, 139],
  evaluation: [679, 203],
} satisfies Record<BuiltInTaskType, Tokens>;
const revisionInput = 230;
const critiqueTokens: Tokens = [375, 52];
const judgementTokens: Tokens = [480, 20];

/** A task of the past: every attempt with its calls in their order. */
export type PastTask = {
  spec: TaskSpec;
  result: NamedTaskResult;
  attempts: { score: number; passed: boolean; calls: ModelCall[] }[];
};

/** A run of the story's past: what would be on record of it. */
export type PastRun = {
  /** From 1, in the order of their days. */
  number: number;
  /** Its day of the story. */
  day: number;
  /** In the order of the plan: none needs a later one. */
  tasks: PastTask[];
  snapshots: ProfileSnapshot[];
};

export const callsOf = ({ attempts }: PastTask): ModelCall[] =>
  attempts.flatMap(({ calls }) => calls);

const runs = 19;
const tasksPerRun = 126;
/** The last days of the story belong to the runs that are really made. */
const lastDay = storyDays - 6;
/** Who is asked, by habit: mostly the most expensive one, often a cheap one that is good enough, now and then any. */
const habits = { expensive: 0.55, cheap: 0.35 };
/** Only what is checked by program can fail a check. */
const checkedTypes: ReadonlySet<string> = new Set(['code_generation', 'data_extraction']);
const judgeIds = ['tidepool-reasoner', 'meridian-pro', 'borealis-max'] as const;

/**
 * The story's past, as it went while models were chosen by habit: made up in a moment from the same truth
 * that the simulator's answers come from, where real runs would take minutes. The latest comes first: a window
 * of days shows that at once.
 */
export function* pastRuns(
  seed: number,
  fixtures: Fixtures,
  planOf: (run: number, tasks: number) => readonly TaskSpec[],
): Generator<PastRun> {
  for (let index = runs - 1; index >= 0; index -= 1) {
    const day = 2 + (index * (lastDay - 2)) / (runs - 1);
    const tasks = planOf(index + 1, tasksPerRun).map((spec, task) =>
      pastTask({ fixtures, day, spec, random: rngFor(seed, 'past', index, task) }),
    );
    yield { number: index + 1, day, tasks, snapshots: snapshotsOf(tasks) };
  }
}

type Setting = { fixtures: Fixtures; day: number; spec: TaskSpec; random: Random };

function pastTask(setting: Setting): PastTask {
  const { fixtures, day, spec, random } = setting;
  const { id: taskId, type: taskType } = spec;
  const author = chosenByHabit(setting);
  const others = fixtures.models.filter(({ provider }) => provider !== author.provider);
  const critic = others.find(({ id }) => id === 'meridian-pro') ?? others[0] ?? author;
  const judges = others.filter(({ id }) => judgeIds.some((one) => one === id));
  const judge = judges[Math.floor(random() * judges.length)] ?? critic;
  const attempts: PastTask['attempts'] = [];
  let number = 0;
  const call = (
    model: SimulatedModel,
    more: Pick<ModelCall, 'role'> & Partial<ModelCall>,
    [input, output]: Tokens,
  ): ModelCall => {
    const inputTokens = Math.round(input * (0.8 + 0.4 * random()));
    const outputTokens = Math.round(output * (0.8 + 0.4 * random()));
    const costUsd = (inputTokens * model.price.input + outputTokens * model.price.output) / 1e6;
    number += 1;
    return {
      callId: `${taskId}-${number}`,
      taskId,
      taskType,
      provider: model.provider,
      model: model.id,
      servedModel: model.id,
      inputTokens,
      outputTokens,
      costUsd,
      costEstimated: false,
      latencyMs: model.latencyMs * Math.exp(normal(random, 0, 0.35)),
      outcome: 'ok',
      ...more,
    };
  };
  let quality = normal(random, fixtures.quality(author.id, taskType, day), 0.045);
  let best: PastTask['attempts'][number] | undefined;
  for (let goesOn = true; goesOn;) {
    const attempt = attempts.length + 1;
    const passed = random() >= author.malformedRate || !checkedTypes.has(taskType);
    const role = attempt === 1 ? 'generator' : 'reviser';
    const [input, output] = ownValue(tokensOf, taskType) ?? tokensOf.summarization;
    const before = attempt === 1 ? 0 : revisionInput;
    const tokens: Tokens = [input + before, output * (0.75 + 0.2 * author.verbosity)];
    const calls = [
      call(author, { role, attempt }, tokens),
      call(critic, { role: 'critic', attempt, subjectModel: author.id }, critiqueTokens),
    ];
    for (let sample = 0; sample < 2; sample += 1) {
      const seen = clamp(normal(random, quality + (judge.leniency ?? 0), 0.015), 0, 1);
      const score = Math.round(seen * 1000) / 1000;
      const judged = { role: 'judge', attempt, subjectModel: author.id, score } as const;
      calls.push(call(judge, judged, judgementTokens));
    }
    const score = meanScore(calls);
    const made = { score, passed, calls };
    goesOn = isToGoOn(taskType, attempts, made, best);
    if (best === undefined || isBetter(made, best)) best = made;
    attempts.push(made);
    quality += 0.5 * Math.max(0, fixtures.quality(author.id, taskType, day) + 0.06 - quality);
  }
  return {
    spec,
    attempts,
    result: {
      taskId,
      taskType,
      model: author.id,
      reviewer: critic.id,
      score: best?.score ?? 0,
      costUsd: sumOf(attempts.flatMap(({ calls }) => calls).map(({ costUsd }) => costUsd)),
      iterations: attempts.length,
      deterministicPassed: best?.passed ?? false,
    },
  };
}

type Made = PastTask['attempts'][number];

/** Rounded, so that no binary fraction falls below a mark that the judges' mean reaches. */
const meanScore = (calls: readonly ModelCall[]): number =>
  Math.round(10_000 * mean(calls.flatMap(({ score }) => score ?? []))) / 10_000;

/** By the rules of the engine's loop: until one is accepted, or no better than the one before. */
function isToGoOn(taskType: TaskType, before: readonly Made[], made: Made, best?: Made): boolean {
  const { acceptAt, maxIterations } = standardOf(taskType);
  if (made.passed && made.score >= acceptAt) return false;
  if (before.length + 1 >= maxIterations) return false;
  if (best === undefined) return true;
  return isGain(best.score, made.score) || (made.passed && !best.passed);
}

const isBetter = (one: Made, other: Made): boolean =>
  one.passed === other.passed ? one.score > other.score : one.passed;

/** By what everybody knew when the story began. */
function chosenByHabit({ fixtures, spec: { type: taskType }, random }: Setting): SimulatedModel {
  const able = fixtures.models.filter(
    ({ taskTypes }) => taskTypes?.some((one) => one === taskType) !== false,
  );
  const byPrice = able.toSorted((one, other) => one.price.output - other.price.output);
  const qualityOf = ({ id }: SimulatedModel): number => fixtures.quality(id, taskType, 0);
  const best = Math.max(...able.map(qualityOf));
  const expensive = byPrice.at(-1);
  const cheap = byPrice.find((model) => qualityOf(model) >= best - 0.05);
  const roll = random();
  const [first, ...rest] = able;
  if (expensive === undefined || cheap === undefined || first === undefined) {
    throw new Error(`no model of the simulator is able to do ${taskType}`);
  }
  if (roll < habits.expensive) return expensive;
  return roll < habits.expensive + habits.cheap ? cheap : pick(random, [first, ...rest]);
}

/** What each model was seen to do at each task type. */
function snapshotsOf(tasks: PastRun['tasks']): ProfileSnapshot[] {
  const cells = Map.groupBy(tasks, ({ result }) => `${result.model}\0${result.taskType}`);
  return [...cells.values()].flatMap((ofCell) => {
    const [first] = ofCell;
    if (first === undefined) return [];
    const attempts = ofCell.flatMap((task) => task.attempts);
    const own = attempts.flatMap(({ calls }) => calls.slice(0, 1));
    const latencies = own.map(({ latencyMs }) => latencyMs).toSorted((a, b) => a - b);
    const { model, taskType } = first.result;
    const profile = {
      qualityScore: mean(attempts.map(({ score }) => score)),
      trustFactor: 1,
      avgLatencyMs: mean(latencies),
      latencyP95Ms: latencies[Math.floor(latencies.length * 0.95)] ?? 0,
      successRate: 1,
      avgCostUsd: mean(own.map(({ costUsd }) => costUsd)),
      callCount: own.length,
      failureCount: 0,
      validatorFailCount: attempts.filter(({ passed }) => !passed).length,
    };
    return [{ model, taskType, profile }];
  });
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const mean = (values: readonly number[]): number => sumOf(values) / values.length;
