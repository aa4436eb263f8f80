import type { JudgeAgreement } from '../../domain/outcome.ts';
import { decisiveOutcomes, type OutcomeRow, taskKey } from '../sums/fact-rows.ts';

/** What judges gave. */
export type JudgementRow = [
  projectId: string,
  taskId: string | null,
  attempt: number | null,
  judge: string,
  score: number,
];

/** What was found of the tasks that the program had picked: only these say how judges do. */
export function foundOf(rows: readonly OutcomeRow[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [task, { value, sampled }] of decisiveOutcomes(rows)) {
    if (sampled !== null) found.set(task, value);
  }
  return found;
}

/** How far each judge agrees with what was found; those of the most results first. */
export function agreementsOf(
  found: ReadonlyMap<string, number>,
  judgements: readonly JudgementRow[],
): JudgeAgreement[] {
  const byTask = Map.groupBy(judgements, ([projectId, taskId]) => taskKey(projectId, taskId ?? ''));
  const pairs = [...byTask].flatMap(([key, ofTask]) => {
    const outcome = found.get(key);
    if (outcome === undefined) return [];
    return bestAttempt(ofTask).map(([, , , judge, score]) => ({ judge, score, outcome }));
  });
  return [...Map.groupBy(pairs, ({ judge }) => judge)]
    .map(([judge, some]) => ({ judge, results: some.length, ...agreement(some) }))
    .toSorted((one, other) => other.results - one.results || (one.judge < other.judge ? -1 : 1));
}

/** The attempt that became the result is the one that was judged best. */
function bestAttempt(judgements: readonly JudgementRow[]): readonly JudgementRow[] {
  const mean = (some: readonly JudgementRow[]): number =>
    some.reduce((sum, [, , , , score]) => sum + score, 0) / some.length;
  const attempts = [...Map.groupBy(judgements, ([, , attempt]) => attempt).values()];
  return attempts.reduce((best, one) => (mean(one) > mean(best) ? one : best), attempts[0] ?? []);
}

function agreement(
  pairs: readonly { score: number; outcome: number }[],
): Pick<JudgeAgreement, 'bias' | 'correlation'> {
  const mean = (of: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const score = mean((pair) => pair.score);
  const outcome = mean((pair) => pair.outcome);
  const together = mean((pair) => (pair.score - score) * (pair.outcome - outcome));
  const spread =
    mean((pair) => (pair.score - score) ** 2) * mean((pair) => (pair.outcome - outcome) ** 2);
  return {
    bias: score - outcome,
    correlation: pairs.length < 3 || spread < 1e-12 ? null : together / Math.sqrt(spread),
  };
}
