import type { ModelCall } from '../../domain/model-call.ts';
import type { ProfileSnapshot } from '../../domain/profile.ts';
import type { Random } from '../../domain/runtime.ts';
import type { NamedTaskResult } from '../../domain/task-result.ts';
import { builtInTaskTypes, type BuiltInTaskType } from '../../domain/task-type.ts';
import { type Fixtures, type SimulatedModel, storyDays } from './fixtures.ts';
import { clamp, normal, pick, rngFor } from './rng.ts';

/**
 * Tokens of a question and of its first answer, as the simulator's own texts have them: were the past's others,
 * every model would seem to become cheaper, or more expensive, on the day on which it ends.
 */
const tokensOf: Record<BuiltInTaskType, [input: number, output: number]> = {
  code_generation: [393, 156],
  code_review: [391, 201],
  complex_reasoning: [306, 228],
  creative_writing: [222, 192],
  data_extraction: [186, 137],
  summarization: [449, 139],
  evaluation: [679, 203],
};
const revisionInput = 230;
const critiqueTokens: [input: number, output: number] = [375, 52];
const judgementTokens: [input: number, output: number] = [480, 20];

/** A run of the story's past: what would be on record of it. */
export type PastRun = {
  /** From 1, in the order of their days. */
  number: number;
  /** Its day of the story. */
  day: number;
  tasks: { result: NamedTaskResult; calls: ModelCall[] }[];
  snapshots: ProfileSnapshot[];
};

const runs = 19;
const tasksPerRun = 126;
/** The last days of the story belong to the runs that are really made. */
const lastDay = storyDays - 6;
/** Who is asked, by habit: mostly the most expensive one, often a cheap one that is good enough, now and then any. */
const habits = { expensive: 0.55, cheap: 0.35 };
const acceptAt = 0.85;
const maxAttempts = 3;
const judgeIds = ['tidepool-reasoner', 'meridian-pro', 'borealis-max'] as const;

/**
 * The story's past, as it went while models were chosen by habit: made up in a moment from the same truth
 * that the simulator's answers come from, where real runs would take minutes. The latest comes first: a window
 * of days shows that at once.
 */
export function* pastRuns(seed: number, fixtures: Fixtures): Generator<PastRun> {
  for (let index = runs - 1; index >= 0; index -= 1) {
    const day = 2 + (index * (lastDay - 2)) / (runs - 1);
    const tasks = Array.from({ length: tasksPerRun }, (_, task) => {
      const taskType = builtInTaskTypes[task % builtInTaskTypes.length] ?? 'summarization';
      const random = rngFor(seed, 'past', index, task);
      return pastTask({ fixtures, day, taskType, random, taskId: `task-${task + 1}` });
    });
    yield { number: index + 1, day, tasks, snapshots: snapshotsOf(tasks) };
  }
}

type Setting = {
  fixtures: Fixtures;
  day: number;
  taskType: BuiltInTaskType;
  random: Random;
  taskId: string;
};

function pastTask(setting: Setting): PastRun['tasks'][number] {
  const { fixtures, day, taskType, random, taskId } = setting;
  const author = chosenByHabit(setting);
  const others = fixtures.models.filter(({ provider }) => provider !== author.provider);
  const critic = others.find(({ id }) => id === 'meridian-pro') ?? others[0] ?? author;
  const judges = others.filter(({ id }) => judgeIds.some((one) => one === id));
  const judge = judges[Math.floor(random() * judges.length)] ?? critic;
  const calls: ModelCall[] = [];
  const call = (
    model: SimulatedModel,
    more: Pick<ModelCall, 'role'> & Partial<ModelCall>,
    [input, output]: [number, number],
  ): void => {
    const inputTokens = Math.round(input * (0.8 + 0.4 * random()));
    const outputTokens = Math.round(output * (0.8 + 0.4 * random()));
    const costUsd = (inputTokens * model.price.input + outputTokens * model.price.output) / 1e6;
    calls.push({
      callId: `${taskId}-${calls.length + 1}`,
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
    });
  };
  let quality = normal(random, fixtures.quality(author.id, taskType, day), 0.045);
  let best = { score: -1, passed: false };
  let attempt = 0;
  while (attempt < maxAttempts && best.score < acceptAt) {
    attempt += 1;
    const passed = random() >= author.malformedRate;
    const role = attempt === 1 ? 'generator' : 'reviser';
    const [input, output] = tokensOf[taskType];
    const before = attempt === 1 ? 0 : revisionInput;
    call(author, { role, attempt }, [input + before, output * (0.75 + 0.2 * author.verbosity)]);
    call(critic, { role: 'critic', attempt, subjectModel: author.id }, critiqueTokens);
    const score = [1, 2].reduce((sum) => {
      const given = clamp(normal(random, quality + (judge.leniency ?? 0), 0.015), 0, 1);
      const rounded = Math.round(given * 1000) / 1000;
      const judged = { role: 'judge', attempt, subjectModel: author.id, score: rounded } as const;
      call(judge, judged, judgementTokens);
      return sum + rounded / 2;
    }, 0);
    if (score > best.score) best = { score, passed };
    quality += 0.5 * Math.max(0, fixtures.quality(author.id, taskType, day) + 0.06 - quality);
  }
  return {
    calls,
    result: {
      taskId,
      taskType,
      model: author.id,
      reviewer: critic.id,
      score: best.score,
      costUsd: calls.reduce((sum, { costUsd }) => sum + costUsd, 0),
      iterations: attempt,
      deterministicPassed: best.passed,
    },
  };
}

/** By what everybody knew when the story began. */
function chosenByHabit({ fixtures, taskType, random }: Setting): SimulatedModel {
  const able = fixtures.models.filter(({ taskTypes }) => taskTypes?.includes(taskType) !== false);
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
    const own = ofCell.flatMap(({ calls }) =>
      calls.filter(({ role }) => role === 'generator' || role === 'reviser'),
    );
    const latencies = own.map(({ latencyMs }) => latencyMs).toSorted((a, b) => a - b);
    const { model, taskType } = first.result;
    const profile = {
      qualityScore: mean(ofCell.map(({ result }) => result.score ?? 0)),
      trustFactor: 1,
      avgLatencyMs: mean(latencies),
      latencyP95Ms: latencies[Math.floor(latencies.length * 0.95)] ?? 0,
      successRate: 1,
      avgCostUsd: mean(own.map(({ costUsd }) => costUsd)),
      callCount: own.length,
      failureCount: 0,
      validatorFailCount: ofCell.filter(({ result }) => !result.deterministicPassed).length,
    };
    return [{ model, taskType, profile }];
  });
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
