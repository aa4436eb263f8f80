import type { TaskType } from '../../domain/task-type.ts';
import { type Discrimination, discriminationOf } from './discrimination.ts';
import {
  cellKey,
  type Entry,
  type JudgementSums,
  type JudgementTable,
  type ProviderOf,
  tableOf,
} from './judgements.ts';
import { quadraticForm } from './matrix.ts';
import { effectOn, effectsIn, severitiesOf, type Severities } from './severity.ts';

/** What is known of one judge. */
export type JudgeEstimate = {
  judge: string;
  /** Judgements. */
  n: number;
  /** What it adds to a score, as a rule: below 0 where it is severe. 0 where nothing compares it. */
  severity: number;
  /** Standard error of the severity. */
  standardError: number;
  /** What it adds besides to models of its own provider. */
  selfPreference: number;
  /** Absent where it is not known. */
  discrimination?: Discrimination;
  /** Its scores do not follow the quality of what it judges. */
  tellsNothing: boolean;
};

export type Subject = { model: string; taskType: TaskType };

/** What judges add to scores, and how to take it out. */
export type JudgeEffects = {
  judges: readonly JudgeEstimate[];
  /** False: nothing is known of any judge, and every shift is exactly 0. */
  identified: boolean;
  /** What is added to the mean of these judgements of one subject, so that it is as if all judges had given it. */
  shiftOf(judgements: readonly JudgementSums[]): number;
  /** The same of all that was judged of a subject; 0 of one that nobody judged. */
  shift(subject: Subject): number;
  /** How much of the variance of a subject's single scores is only that different judges gave them. */
  varianceByJudges(subject: Subject): number;
  /** Judgements of a subject. */
  judged(subject: Subject): number;
  /** How unsure the difference of two subjects' shifts is: its variance; large where no judge is in common. */
  varianceBetween(a: Subject, b: Subject): number;
  /** Whether the two were judged by the same, or by judges that others compare; true where nothing was. */
  comparable(a: Subject, b: Subject): boolean;
};

/** Fewer judgements show nothing of a judge. */
const leastJudgements = 20;
/** Standard errors by which a slope must differ from 1 before it counts. */
const firm = 2.5;
const uselessBelow = 0.5;
/** Variance of a difference between what different judges say: they may be 20 points apart. */
const incomparable = 0.2 ** 2;

/**
 * Estimates judges from who judged whom: mean = subject + severity (+ self-preference), and then how each
 * one's scores follow the others'. A judge that is uninformative counts no more, neither for subjects
 * nor for the other judges. Pure; exactly nothing is taken out where no two judges judged the same.
 */
export function estimateJudges(
  sums: Iterable<JudgementSums>,
  providerOf?: ProviderOf,
): JudgeEffects {
  const all = [...sums];
  const table = tableOf(all, providerOf);
  const everyone = severitiesOf(table);
  const useless = new Set<number>();
  let severities = everyone;
  let slopes = slopesOf(table, severities, useless);
  for (;;) {
    const worst = worstOf(table, slopes, useless);
    if (worst === undefined) break;
    useless.add(worst);
    severities = severitiesOf(without(table, useless));
    const later = slopesOf(table, severities, useless);
    slopes = slopes.map((slope, judge) => (useless.has(judge) ? slope : later[judge]));
  }
  return effectsOf(all, providerOf, { table, everyone, severities, slopes, useless });
}

type Known = {
  table: JudgementTable;
  /** Of all judges, and of all but the uninformative ones. */
  everyone: Severities;
  severities: Severities;
  slopes: readonly (Discrimination | undefined)[];
  useless: ReadonlySet<number>;
};

function without(table: JudgementTable, useless: ReadonlySet<number>): JudgementTable {
  return { ...table, entries: table.entries.filter(({ judge }) => !useless.has(judge)) };
}

function slopesOf(
  table: JudgementTable,
  severities: Severities,
  useless: ReadonlySet<number>,
): (Discrimination | undefined)[] {
  const counted = without(table, useless);
  return table.judges.map((_, judge) => discriminationOf(judge, counted, severities));
}

function worstOf(
  table: JudgementTable,
  slopes: readonly (Discrimination | undefined)[],
  useless: ReadonlySet<number>,
): number | undefined {
  let worst: { judge: number; most: number } | undefined;
  for (const [judge, found] of slopes.entries()) {
    if (found === undefined || useless.has(judge)) continue;
    const most = found.slope + 1.64 * found.standardError;
    if (most >= uselessBelow || judgementsBy(table, judge) < leastJudgements) continue;
    if (worst === undefined || most < worst.most) worst = { judge, most };
  }
  return worst?.judge;
}

function judgementsBy({ entries }: JudgementTable, judge: number): number {
  return entries.reduce((sum, entry) => sum + (entry.judge === judge ? entry.n : 0), 0);
}

function effectsOf(
  all: readonly JudgementSums[],
  providerOf: ProviderOf | undefined,
  known: Known,
): JudgeEffects {
  const { table, everyone, severities, slopes, useless } = known;
  const numbers = new Map(table.judges.map((judge, number) => [judge, number]));
  const bySubject = Map.groupBy(all, ({ subject, taskType }) => cellKey(subject, taskType));
  const of = ({ model, taskType }: Subject): readonly JudgementSums[] =>
    bySubject.get(cellKey(model, taskType)) ?? [];
  const entriesOf = (judgements: readonly JudgementSums[]): Entry[] =>
    judgements.flatMap(({ judge, subject, n, sum }): Entry[] => {
      const number = numbers.get(judge);
      if (number === undefined || n <= 0) return [];
      const provider = providerOf?.(judge);
      const kin = provider !== undefined && provider === providerOf?.(subject);
      return [{ judge: number, cell: 0, n, mean: sum / n, kin }];
    });
  const shares = (subject: Subject): number[] => sharesOf(entriesOf(of(subject)), known);
  const centre = centreOf(table, known);
  const comparable = (a: Subject, b: Subject): boolean => {
    const [ours = [], theirs = []] = [a, b].map((subject) =>
      entriesOf(of(subject)).map(({ judge }) => everyone.groups[judge]),
    );
    const isKnown = ours.length > 0 && theirs.length > 0;
    return !isKnown || ours.some((group) => theirs.includes(group));
  };
  return {
    judges: table.judges.map((judge, number) => {
      const kin = table.judges.length + number;
      const { effects, covariance } = useless.has(number) ? everyone : severities;
      const discrimination = slopes[number];
      return {
        judge,
        n: judgementsBy(table, number),
        severity: effects[number] ?? 0,
        standardError: Math.sqrt(covariance[number]?.[number] ?? 0),
        selfPreference: effects[kin] ?? 0,
        tellsNothing: useless.has(number),
        ...(discrimination === undefined ? {} : { discrimination }),
      };
    }),
    identified: everyone.effects.some((effect) => effect !== 0) || useless.size > 0,
    shiftOf: (judgements) => shiftOf(entriesOf(judgements), known, centre),
    shift: (subject) => shiftOf(entriesOf(of(subject)), known, centre),
    varianceByJudges: (subject) => varianceByJudges(of(subject), entriesOf(of(subject)), known),
    judged: (subject) => of(subject).reduce((sum, { n }) => sum + n, 0),
    varianceBetween(a, b) {
      if (!comparable(a, b)) return incomparable;
      const others = shares(b);
      const difference = shares(a).map((share, index) => share - (others[index] ?? 0));
      return quadraticForm(severities.covariance, difference);
    },
    comparable,
  };
}

/** A judge's slope where it firmly differs from that of the others. */
function slopeOf(judge: number, { table, slopes }: Known): number {
  const found = slopes[judge];
  if (found === undefined || judgementsBy(table, judge) < leastJudgements) return 1;
  const isFirm = Math.abs(found.slope - 1) > firm * found.standardError;
  return isFirm ? Math.min(2, Math.max(uselessBelow, found.slope)) : 1;
}

/** The mean of all that was judged, severity taken out; what flat and steep judges turn about. */
function centreOf(table: JudgementTable, { severities, useless }: Known): number {
  let n = 0;
  let sum = 0;
  for (const entry of table.entries) {
    if (useless.has(entry.judge)) continue;
    n += entry.n;
    sum += entry.n * (entry.mean - effectOn(entry, severities.effects));
  }
  return n > 0 ? sum / n : 0;
}

function shiftOf(entries: readonly Entry[], known: Known, centre: number): number {
  const { everyone, severities, useless } = known;
  const informative = entries.filter(({ judge }) => !useless.has(judge));
  const used = informative.length > 0 ? informative : entries;
  const { effects } = informative.length > 0 ? severities : everyone;
  const n = entries.reduce((sum, entry) => sum + entry.n, 0);
  if (n === 0) return 0;
  if (used.length === entries.length && used.every(({ judge }) => slopeOf(judge, known) === 1)) {
    return -entries.reduce((sum, entry) => sum + entry.n * effectOn(entry, effects), 0) / n;
  }
  const raw = entries.reduce((sum, entry) => sum + entry.n * entry.mean, 0) / n;
  let weight = 0;
  let beyond = 0;
  for (const entry of used) {
    const slope = slopeOf(entry.judge, known);
    weight += entry.n * slope ** 2;
    beyond += entry.n * slope * (entry.mean - effectOn(entry, effects) - centre);
  }
  return centre + beyond / weight - raw;
}

/** At most so much of the variance of scores: some of it is theirs. */
const mostByJudges = 0.8;

/** The variance of single scores as given, less what it is once each judge's severity is taken out. */
function varianceByJudges(
  judgements: readonly JudgementSums[],
  entries: readonly Entry[],
  { severities }: Known,
): number {
  const raw = { n: 0, sum: 0, squares: 0 };
  const out = { sum: 0, squares: 0 };
  for (const [index, entry] of entries.entries()) {
    const { n, sum, sumOfSquares } = judgements[index] ?? { n: 0, sum: 0, sumOfSquares: 0 };
    const effect = effectOn(entry, severities.effects);
    raw.n += n;
    raw.sum += sum;
    raw.squares += sumOfSquares;
    out.sum += sum - n * effect;
    out.squares += sumOfSquares - 2 * effect * sum + n * effect ** 2;
  }
  if (raw.n === 0) return 0;
  const variance = raw.squares / raw.n - (raw.sum / raw.n) ** 2;
  const left = out.squares / raw.n - (out.sum / raw.n) ** 2;
  return Math.min(mostByJudges * variance, Math.max(0, variance - left));
}

/** How much of each effect is in the mean of some judgements. */
function sharesOf(entries: readonly Entry[], { table, useless }: Known): number[] {
  const judges = table.judges.length;
  const shares = Array.from({ length: 2 * judges }, () => 0);
  const used = entries.filter(({ judge }) => !useless.has(judge));
  const n = used.reduce((sum, entry) => sum + entry.n, 0);
  for (const entry of used) {
    for (const index of effectsIn(entry, judges)) {
      shares[index] = (shares[index] ?? 0) + entry.n / n;
    }
  }
  return shares;
}
