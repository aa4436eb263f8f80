import { openPolicy } from '../../source/domain/policy.ts';
import type { RunEventOf, TaskSpec } from '../../source/domain/run-event.ts';
import { seededRandom } from '../../source/domain/runtime.ts';
import { runProject } from '../../source/engine/index.ts';
import { estimateJudges, type JudgementSums } from '../../source/routing/index.ts';
import { atLeast, atMost, type Figure, percent } from '../learning/figure.ts';
import { adviceUnderJudges } from './judges-advice.ts';
import { createJudgedWorld, type JudgedWorld } from './judged-world.ts';
import type { TrustSection } from './section.ts';

const tasks = 180;
const settled = 50;
/** Differences that are to be seen, and attempts that a model needs. */
const visible = 0.05;
const leastAttempts = 10;

/** Who judges, what that adds to scores, and what it costs: runs of the engine among judges of every kind. */
export const judges: TrustSection = {
  async *figures({ histories = 1000 }) {
    yield ['JUDGES: advice where judges are off by up to 8 points', adviceUnderJudges(histories)];
    const worlds = Math.max(3, Math.round(histories / 50));
    yield [`JUDGES: ${worlds} runs of ${tasks} tasks among eight models`, await runs(worlds)];
  },
};

async function runs(worlds: number): Promise<Figure[]> {
  const found: Measured[] = [];
  const free: Measured[] = [];
  for (let seed = 1; seed <= worlds; seed += 1) {
    found.push(await measure(seed, 0.3));
    free.push(await measure(seed, 1));
  }
  const mean = (pick: (one: Measured) => number, among = found): number =>
    among.reduce((sum, one) => sum + pick(one), 0) / among.length;
  const total = (pick: (one: Measured) => number): number => mean(pick) * found.length;
  return [
    atLeast(
      'pairs in the right order',
      0.98,
      total((one) => one.right) / total((one) => one.pairs),
    ),
    {
      what: 'the same by raw means',
      measured: percent(total((one) => one.rightRaw) / total((one) => one.pairs)),
    },
    atMost(
      'mean error of differences',
      0.035,
      mean((one) => one.error),
    ),
    { what: 'the same by raw means', measured: percent(mean((one) => one.errorRaw)) },
    atMost(
      'judgements that tell nothing, after 50 tasks',
      0.03,
      mean((one) => one.useless),
    ),
    atMost(
      "supervision's share of the money",
      0.3,
      mean((one) => one.supervision),
    ),
    { what: 'the same without a ceiling', measured: percent(mean((o) => o.supervision, free)) },
    {
      what: 'final quality with the ceiling, and without',
      measured: `${percent(mean((one) => one.quality))}, ${percent(mean((o) => o.quality, free))}`,
    },
  ];
}

type Measured = {
  pairs: number;
  right: number;
  rightRaw: number;
  error: number;
  errorRaw: number;
  useless: number;
  supervision: number;
  quality: number;
};

/** One run in a world, and what its calls and results say of the models. */
async function measure(seed: number, maxShare: number): Promise<Measured> {
  const world = createJudgedWorld(seed);
  const calls: RunEventOf<'call-finished'>[] = [];
  const finished: RunEventOf<'task-finished'>[] = [];
  await runProject({
    projectId: `judged-${seed}`,
    project: 'Bench',
    criteria: 'Good',
    budgetUsd: 1000,
    timeLimitSeconds: 600,
    concurrency: 3,
    offers: world.offers,
    client: { generate: (request) => world.generate(request) },
    history: [],
    routing: { strategy: 'adaptive', qualityTolerance: 0.05, exploration: 0.2 },
    policy: openPolicy,
    supervision: { maxShare },
    simulated: false,
    clock: () => Date.now() / 1000,
    random: seededRandom(seed),
    pid: 1,
    tasks: tasksOf(world),
    emit(event) {
      if (event.type === 'call-finished') calls.push(event);
      if (event.type === 'task-finished') finished.push(event);
    },
  });
  const cost = (roles: readonly string[]): number =>
    calls.reduce((sum, { role, costUsd }) => sum + (roles.includes(role) ? costUsd : 0), 0);
  const qualities = finished.map(({ output }) => world.qualityOf(output ?? ''));
  return {
    ...comparisonsIn(world, calls),
    useless: uselessShare(world, calls, finished),
    supervision: cost(['critic', 'judge']) / cost(['critic', 'judge', 'generator', 'reviser']),
    quality: qualities.reduce((sum, quality) => sum + quality, 0) / qualities.length,
  };
}

function tasksOf({ taskTypes }: JudgedWorld): TaskSpec[] {
  return Array.from({ length: tasks }, (_, index) => ({
    id: `t${index}`,
    type: taskTypes[index % taskTypes.length] ?? '',
    prompt: `Do what number ${index} asks for. ${'Mind the details. '.repeat(60)}`,
    dependsOn: [],
    validators: [],
  }));
}

/** Judgements after the first tasks, by those who do not look. */
function uselessShare(
  { models }: JudgedWorld,
  calls: readonly RunEventOf<'call-finished'>[],
  finished: readonly RunEventOf<'task-finished'>[],
): number {
  const early = new Set(finished.slice(0, settled).map(({ result }) => result.taskId));
  const later = calls.filter(
    ({ role, taskId }) => role === 'judge' && taskId !== undefined && !early.has(taskId),
  );
  const blind = new Set(models.flatMap(({ id, judge }) => (judge.useless ? [id] : [])));
  return later.filter(({ model }) => blind.has(model)).length / Math.max(1, later.length);
}

/** How the models compare by what is shown of them, and by what their answers were. */
function comparisonsIn(world: JudgedWorld, calls: readonly RunEventOf<'call-finished'>[]) {
  const answers = new Map<string, number>();
  for (const { role, taskId, attempt, answer } of calls) {
    if (role !== 'generator' && role !== 'reviser') continue;
    answers.set(`${taskId}/${attempt}`, world.qualityOf(answer?.text ?? ''));
  }
  const judgements = calls.flatMap((call) => {
    const { role, model, subjectModel, taskType, score, taskId, attempt } = call;
    if (role !== 'judge' || subjectModel === undefined || taskType === undefined) return [];
    if (score === undefined) return [];
    const truth = answers.get(`${taskId}/${attempt}`) ?? 0;
    return [{ judge: model, subject: subjectModel, taskType, score, truth }];
  });
  const sums = summedUp(judgements);
  const providers = new Map(world.models.map(({ id, provider }) => [id, provider]));
  const effects = estimateJudges(sums, (model) => providers.get(model));
  const known = world.models.flatMap(({ id: model }) => {
    const own = judgements.filter(({ subject }) => subject === model);
    if (own.length < leastAttempts) return [];
    const mean = (of: (one: (typeof own)[number]) => number): number =>
      own.reduce((sum, one) => sum + of(one), 0) / own.length;
    const shift = mean(({ taskType }) => effects.shift({ model, taskType }));
    const raw = mean(({ score }) => score);
    return [{ raw, shown: raw + shift, truth: mean(({ truth }) => truth) }];
  });
  const result = { pairs: 0, right: 0, rightRaw: 0, error: 0, errorRaw: 0 };
  let all = 0;
  for (const [index, a] of known.entries()) {
    for (const b of known.slice(0, index)) {
      const truth = a.truth - b.truth;
      all += 1;
      result.error += Math.abs(a.shown - b.shown - truth);
      result.errorRaw += Math.abs(a.raw - b.raw - truth);
      if (Math.abs(truth) < visible) continue;
      result.pairs += 1;
      result.right += (a.shown - b.shown) * truth > 0 ? 1 : 0;
      result.rightRaw += (a.raw - b.raw) * truth > 0 ? 1 : 0;
    }
  }
  return { ...result, error: result.error / all, errorRaw: result.errorRaw / all };
}

function summedUp(
  judgements: readonly { judge: string; subject: string; taskType: string; score: number }[],
): JudgementSums[] {
  const sums = new Map<string, JudgementSums>();
  for (const { judge, subject, taskType, score } of judgements) {
    const key = [judge, subject, taskType].join(' ');
    const sum = sums.get(key) ?? { judge, subject, taskType, n: 0, sum: 0, sumOfSquares: 0 };
    sum.n += 1;
    sum.sum += score;
    sum.sumOfSquares += score ** 2;
    sums.set(key, sum);
  }
  return [...sums.values()];
}
