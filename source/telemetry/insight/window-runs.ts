import {
  addRun,
  noDetail,
  type RunSums,
  createDigestSet,
  type RunDigests,
  runDigests,
} from '../sums/detail.ts';
import { type PeriodSums, remembered } from '../sums/period.ts';

type Parts = readonly { sums: PeriodSums }[];

/** Every run of a window, with what it did in all its parts. */
export function runsOf(parts: Parts): ReadonlyMap<string, RunSums> {
  const all = noDetail();
  for (const { sums } of parts) sums.detail.runs.forEach((run, id) => addRun(all, id, run));
  return all.runs;
}

const digestsOf = remembered(
  ({ runDigests: kept, detail }: PeriodSums): RunDigests => kept?.() ?? runDigests(detail.runs),
);

/**
 * Counts the runs that did a task in some periods, for someone who counts them in nearly the same ones again
 * and again: the last two may change, of the others the runs are at hand.
 */
export function createRunCount(): (periods: readonly PeriodSums[]) => number {
  let known = { of: '', periods: [] as readonly PeriodSums[], runs: createDigestSet(0) };
  return (periods) => {
    const first = periods.slice(0, -2);
    const of = first.map(({ version }) => version).join(' ');
    const isSame =
      known.of === of && first.every((period, index) => known.periods[index] === period);
    if (!isSame) known = { of, periods: first, runs: setOf(first.map(digestsOf)) };
    const { runs } = known;
    const others = periods
      .slice(-2)
      .map((period) => digestsOf(period).filter((one) => !runs.has(one)));
    return runs.size() + setOf(others).size();
  };
}

function setOf(all: readonly RunDigests[]): ReturnType<typeof createDigestSet> {
  const set = createDigestSet(all.reduce((sum, { length }) => sum + length, 0));
  for (const digests of all) for (const digest of digests) set.add(digest);
  return set;
}
