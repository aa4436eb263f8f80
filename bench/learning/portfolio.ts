import type { OutcomeMeans, Outcomes } from '../../source/commands/replay/outcomes.ts';
import { modelsOf } from '../../source/commands/replay/simulate.ts';
import { openPolicy } from '../../source/domain/policy.ts';
import { createProfileStore, routeTask } from '../../source/routing/index.ts';
import type { Figure } from './figure.ts';
import { createRng } from './rng.ts';

const tasks = 5200;
/** Tasks after which quality and cost are counted. */
const from = 3000;
/** How often a judge is right about an answer. */
const judgeIsRight = 0.8;
/** What the first model may be worse, as it is not the last word. */
const firstTolerance = 0.03;

/**
 * What a portfolio would give, which the engine does not have: an answer that is judged bad is followed by that of
 * another model, twice at most. Who follows is learned as for a task type of its own, from judgements alone.
 * Against the best model of every task type alone.
 */
export function portfolioFigures(
  outcomes: Outcomes,
  means: OutcomeMeans,
  seeds: readonly number[],
): Figure[] {
  const best = bestAlone(means);
  let quality = 0;
  let cost = 0;
  for (const seed of seeds) {
    const played = playPortfolio(outcomes, means, seed);
    quality += played.quality / best.quality / seeds.length;
    cost += played.costUsd / best.costUsd / seeds.length;
  }
  return [
    {
      what: 'quality, tasks 3,000 to 5,200',
      asked: '≥ 1.03 ×',
      measured: `${quality.toFixed(3)} ×`,
      met: quality >= 1.03,
    },
    { what: 'cost', asked: '≤ 1.25 ×', measured: `${cost.toFixed(2)} ×`, met: cost <= 1.25 },
  ];
}

function playPortfolio(outcomes: Outcomes, means: OutcomeMeans, seed: number) {
  const { random } = createRng(seed);
  const profiles = createProfileStore({ models: modelsOf(outcomes, means), history: [] });
  const sums = { quality: 0, costUsd: 0 };

  /** Asks one more model; the score that its answer has, and whether it is judged good. */
  const ask = (item: number, taskType: string, tolerance: number, exclude: readonly string[]) => {
    const { chosen: model = '', exploration } = routeTask({
      profiles,
      taskType,
      settings: { strategy: 'adaptive', qualityTolerance: tolerance, exploration: 0.2 },
      policy: openPolicy,
      exclude,
      random,
    });
    profiles.noteChoice(taskType, exploration);
    const index = outcomes.models.indexOf(model);
    const score = outcomes.score(item, index);
    const costUsd = outcomes.costUsd(item, index);
    const isGood = score >= 0.5 === random() < judgeIsRight;
    profiles.observe({
      model,
      taskType,
      score: isGood ? 1 : 0,
      failed: false,
      costUsd,
      policyViolation: false,
      validatorsPassed: true,
    });
    return { model, score, costUsd, isGood };
  };

  for (let task = 0; task < tasks; task += 1) {
    const item = Math.floor(random() * outcomes.itemCount);
    const taskType = outcomes.taskTypes[outcomes.typeOf(item)] ?? '';
    const answers = [ask(item, taskType, firstTolerance, [])];
    while (answers.length < 3 && answers.at(-1)?.isGood !== true) {
      answers.push(
        ask(
          item,
          `${taskType}, after others`,
          0,
          answers.map(({ model }) => model),
        ),
      );
    }
    // Where none was judged good the first stands.
    const kept = answers.find(({ isGood }) => isGood) ?? answers[0];
    if (task < from) continue;
    sums.quality += (kept?.score ?? 0) / (tasks - from);
    sums.costUsd += answers.reduce((sum, { costUsd }) => sum + costUsd, 0) / (tasks - from);
  }
  return sums;
}

/** The best model of every task type, and what it costs. */
function bestAlone({ score, costUsd, typeShare }: OutcomeMeans) {
  const sums = { quality: 0, costUsd: 0 };
  for (const [type, scores] of score.entries()) {
    const best = scores.indexOf(Math.max(...scores.filter((value) => !Number.isNaN(value))));
    sums.quality += (typeShare[type] ?? 0) * (scores[best] ?? 0);
    sums.costUsd += (typeShare[type] ?? 0) * (costUsd[type]?.[best] ?? 0);
  }
  return sums;
}
