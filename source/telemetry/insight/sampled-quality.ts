import { type Interval, predictionPowered } from '../statistics/index.ts';
import { scoresOf, type Sums, valueOf } from '../sums/fields.ts';

/** Mean quality of attempts as judges and all outcomes have it; null where none was scored. */
function meanQuality(sums: Sums): number | null {
  const scored = valueOf(sums, 'scoredCalls') + valueOf(sums, 'liveScoredCalls');
  const quality = valueOf(sums, 'quality') + valueOf(sums, 'liveQuality');
  return scored > 0 ? quality / scored : null;
}

/**
 * The quality of attempts, and where enough of their tasks were picked at random and looked at, its
 * interval: then judges are corrected by what was found, whatever they are biased by. What was
 * volunteered counts with the task that it is of, and says nothing of others.
 */
export function qualityIn(sums: Sums): { quality: number | null; interval?: Interval } {
  const mean = meanQuality(sums);
  if (mean === null || valueOf(sums, 'sampledTasks') === 0) return { quality: withinOne(mean) };
  const scores = scoresOf(sums);
  const all = { n: scores.n, mean: (scores.sum - valueOf(sums, 'sampledShift')) / scores.n };
  const found = predictionPowered(
    {
      n: valueOf(sums, 'sampledTasks'),
      weight: valueOf(sums, 'sampledWeight'),
      weightSquared: valueOf(sums, 'sampledWeightSquared'),
      outcome: valueOf(sums, 'sampledOutcome'),
      judged: valueOf(sums, 'sampledJudged'),
      outcomeSquared: valueOf(sums, 'sampledOutcomeSquared'),
      product: valueOf(sums, 'sampledProduct'),
      judgedSquared: valueOf(sums, 'sampledJudgedSquared'),
    },
    all,
  );
  if (found === undefined) return { quality: withinOne(mean) };
  // Attempts before the last one of a task were misjudged as results are.
  const scored = valueOf(sums, 'scoredCalls') + valueOf(sums, 'liveScoredCalls');
  const asJudged = mean - valueOf(sums, 'sampledCallShift') / scored;
  const moved = asJudged - all.mean;
  return {
    quality: withinOne(found.mean + moved),
    interval: {
      low: withinOne(found.interval.low + moved),
      high: withinOne(found.interval.high + moved),
    },
  };
}

/** Taking severity out may lead a little beyond what a score can be. */
function withinOne<Quality extends number | null>(quality: Quality): Quality | number {
  return quality === null ? quality : Math.min(1, Math.max(0, quality));
}
