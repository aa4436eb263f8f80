import type { CallRole } from '../../domain/model-call.ts';
import type { TaskType } from '../../domain/task-type.ts';
import { agreementOf, type PairSums, uselessness } from './agreement.ts';
import { estimateJudges, type JudgeEffects } from './estimate.ts';
import type { JudgementSums } from './judgements.ts';

/** One call of a model that was not asked for an answer, once it is over. */
export type SupportCall = {
  role: CallRole;
  model: string;
  provider: string;
  /** `ok`, or the code of the error. */
  outcome: string;
  /** Whose answer was judged, to a task of which type, and which answer that was; of judges. */
  subject?: string;
  taskType?: TaskType;
  answer?: string;
  /** A judge's; absent for a judgement that could not be used. */
  score?: number;
};

/** What is known of those who criticise and judge: from the past, and as a run goes on. */
export type JudgeRecord = {
  note(call: SupportCall): void;
  /** Share of what a model was asked in a role that it did, in (0, 1]; near 1 of one that was never asked. */
  reliability(role: CallRole, model: string): number;
  /** The probability that a model's judgements are uninformative: its scores do not follow quality. */
  uselessness(model: string): number;
  /** Whether it is so probable that it is not to be asked again. */
  tellsNothing(model: string): boolean;
  /** Answers that somebody else judged as well. */
  comparisons(model: string): number;
  /** Answers that were judged. */
  answers(): number;
  /** What judges add to scores, as of now or a little ago. */
  effects(): JudgeEffects;
  /** What is to be added to the mean of an answer's judgements, as in {@link JudgeEffects.shiftOf}. */
  shiftOf(answer: string): number;
};

/** Failures that say nothing of the model: those of keys, limits and of the run itself. */
const blameless = new Set([
  'rate-limited',
  'aborted',
  'interrupted',
  'unauthorized',
  'out-of-credit',
  'unknown-model',
  'misconfigured',
  'bad-request',
]);
/** What a model is taken to have done before it is asked for the first time: so many, of so many. */
const before = { done: 9.5, asked: 10 };
/** Beyond it a judge is not asked again. */
const sure = 0.75;
const usualPrior = 0.1;
/** Judgements after which the effects are estimated anew. */
const renewAfter = 5;
/** Of the answers that were judged, those that are still looked up: later ones are not judged any more. */
const rememberedAnswers = 2000;

/** `priorOf`: the prior probability that a model's judgements are uninformative. */
export function createJudgeRecord(
  priorOf: (model: string) => number = () => usualPrior,
): JudgeRecord {
  const counts = new Map<string, { done: number; asked: number }>();
  const providers = new Map<string, string>();
  const sums = new Map<string, JudgementSums>();
  const { pairs, answers, noteAnswer } = createComparisons();
  let judgements = 0;
  let known: { at: number; effects: JudgeEffects; useless: Map<string, number> } | undefined;

  const noteScore = (judgement: JudgementSums): void => {
    const { judge, subject, taskType } = judgement;
    const key = `${taskType}\0${judge}\0${subject}`;
    const sum = sums.get(key) ?? { ...judgement, n: 0, sum: 0, sumOfSquares: 0 };
    sum.n += 1;
    sum.sum += judgement.sum;
    sum.sumOfSquares += judgement.sumOfSquares;
    sums.set(key, sum);
    judgements += 1;
  };

  const current = () => {
    if (known === undefined || judgements >= known.at + renewAfter) {
      const effects = estimateJudges(sums.values(), (model) => providers.get(model));
      known = { at: judgements, effects, useless: uselessBy(pairs, effects, priorOf) };
    }
    return known;
  };
  const probability = (model: string): number => current().useless.get(model) ?? priorOf(model);

  return {
    note({ role, model, provider, outcome, subject, taskType, answer, score }) {
      providers.set(model, provider);
      if (role === 'generator' || role === 'reviser') return;
      const isDone = outcome === 'ok' && (role !== 'judge' || score !== undefined);
      if (isDone || !blameless.has(outcome)) {
        const key = `${role}\0${model}`;
        const count = counts.get(key) ?? { done: 0, asked: 0 };
        counts.set(key, { done: count.done + (isDone ? 1 : 0), asked: count.asked + 1 });
      }
      if (role !== 'judge' || score === undefined) return;
      if (subject === undefined || taskType === undefined) return;
      const names = { judge: model, subject, taskType };
      const judgement = { ...names, n: 1, sum: score, sumOfSquares: score ** 2 };
      noteScore(judgement);
      if (answer !== undefined) noteAnswer(answer, judgement);
    },
    reliability(role, model) {
      const { done, asked } = counts.get(`${role}\0${model}`) ?? { done: 0, asked: 0 };
      return Math.min(1, (done + before.done) / (asked + before.asked));
    },
    uselessness: probability,
    tellsNothing: (model) => probability(model) > sure,
    comparisons: (model) =>
      [...(pairs.get(model)?.values() ?? [])].reduce((sum, { n }) => sum + n, 0),
    answers: () => answers.size,
    effects: () => current().effects,
    shiftOf: (answer) => current().effects.shiftOf([...(answers.get(answer)?.values() ?? [])]),
  };
}

/** What judges said of the same answers: the answers that are still looked up, and sums of pairs of judges. */
function createComparisons() {
  const answers = new Map<string, Map<string, JudgementSums>>();
  /** By judge, then by the other. */
  const pairs = new Map<string, Map<string, PairSums>>();

  const addPair = (judge: string, other: string, x: number, y: number): void => {
    let ofJudge = pairs.get(judge);
    if (ofJudge === undefined) pairs.set(judge, (ofJudge = new Map<string, PairSums>()));
    const sum = ofJudge.get(other) ?? { n: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0 };
    sum.n += 1;
    sum.x += x;
    sum.y += y;
    sum.xx += x * x;
    sum.yy += y * y;
    sum.xy += x * y;
    ofJudge.set(other, sum);
  };

  const noteAnswer = (answer: string, judgement: JudgementSums): void => {
    const { judge, sum: score } = judgement;
    let given = answers.get(answer);
    if (given === undefined) {
      answers.set(answer, (given = new Map<string, JudgementSums>()));
      const [oldest] = answers.keys();
      if (answers.size > rememberedAnswers && oldest !== undefined) answers.delete(oldest);
    }
    // A second judgement by the same is no other opinion.
    if (given.has(judge)) return;
    for (const [other, { sum: theirs }] of given) {
      addPair(judge, other, score, theirs);
      addPair(other, judge, theirs, score);
    }
    given.set(judge, judgement);
  };

  return { pairs, answers, noteAnswer };
}

/** The least useful first: its judgements then no longer count when the others are examined. */
function uselessBy(
  pairs: ReadonlyMap<string, ReadonlyMap<string, PairSums>>,
  { judges }: JudgeEffects,
  priorOf: (model: string) => number,
): Map<string, number> {
  const found = new Map<string, number>();
  for (const { judge, tellsNothing } of judges) if (tellsNothing) found.set(judge, 1);
  const open = new Set([...pairs.keys()].filter((judge) => !found.has(judge)));
  /** With those that are not found uninformative, and but for one. */
  const pairsOf = (judge: string, except?: string): PairSums[] =>
    [...(pairs.get(judge) ?? [])].flatMap(([other, sums]) =>
      other === except || (found.get(other) ?? 0) > sure ? [] : sums,
    );
  while (open.size > 0) {
    let worst: { judge: string; probability: number } | undefined;
    for (const judge of open) {
      const own = agreementOf(pairsOf(judge));
      const among = agreementOf(
        [...open].flatMap((other) => (other === judge ? [] : pairsOf(other, judge))),
      );
      const probability = uselessness(own, among, priorOf(judge));
      if (worst === undefined || probability > worst.probability) worst = { judge, probability };
    }
    if (worst === undefined) break;
    open.delete(worst.judge);
    found.set(worst.judge, worst.probability);
  }
  return found;
}
