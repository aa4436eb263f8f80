import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  mergedMoments,
  meanOf,
  type Moments,
  noScores,
  sampleVariance,
  withScore,
} from '../source/domain/moments.ts';
import { seededRandom } from '../source/domain/runtime.ts';
import { firmEvidence } from '../source/telemetry/recommendations/contests.ts';
import { boundsOfDifference, type Interval } from '../source/telemetry/statistics/index.ts';

/**
 * Draws docs/pictures/advice.svg: one history, looked at every day, once with a test that holds for one look and
 * once with evidence that holds for any number of them. `node scripts/advice-picture.ts` draws it anew.
 */
const picture = fileURLToPath(new URL('../docs/pictures/advice.svg', import.meta.url));

const days = 180;
const tasksPerDay = 4;
const windowDays = 30;
const margin = 0.05;
/** The alternative is worse by more than the margin: no day has a reason to advise it. */
const truth = { incumbent: 0.8, alternative: 0.74 };
const histories = 200;

type Look = Interval & { difference: number; isFirm: boolean };

/** What either way of looking says of the difference on each day; undefined while there is too little. */
function looksAt(seed: number): { once: Look; always: Look }[] {
  const random = seededRandom(seed);
  const sample = (quality: number): Moments => {
    let scores = noScores;
    for (let task = 0; task < tasksPerDay; task += 1) {
      scores = withScore(scores, random() < quality ? 1 : 0);
    }
    return scores;
  };
  const past: { incumbent: Moments; alternative: Moments }[] = [];
  return Array.from({ length: days }, () => {
    past.push({ incumbent: sample(truth.incumbent), alternative: sample(truth.alternative) });
    const recent = sumOf(past.slice(-windowDays));
    const whole = sumOf(past);
    return {
      once: lookOf(recent, oneLook(recent)),
      always: lookOf(whole, boundsOfDifference(whole.alternative, whole.incumbent, firmEvidence)),
    };
  });
}

type Both = { incumbent: Moments; alternative: Moments };

function sumOf(past: readonly Both[]): Both {
  return past.reduce((sum, day) => ({
    incumbent: mergedMoments(sum.incumbent, day.incumbent),
    alternative: mergedMoments(sum.alternative, day.alternative),
  }));
}

function lookOf({ incumbent, alternative }: Both, bounds: Interval): Look {
  const difference = meanOf(alternative) - meanOf(incumbent);
  return { ...bounds, difference, isFirm: alternative.n >= 20 && bounds.low > -margin };
}

/** The bound that holds in 95% of looks, when there is one look. */
function oneLook({ incumbent, alternative }: Both): Interval {
  const difference = meanOf(alternative) - meanOf(incumbent);
  const error = Math.sqrt(
    sampleVariance(incumbent) / incumbent.n + sampleVariance(alternative) / alternative.n,
  );
  return { low: difference - 1.645 * error, high: difference + 1.645 * error };
}

const frame = { left: 60, width: 640, height: 150, top: 74, gap: 92 };
const range = { low: -0.35, high: 0.25 };

function panel(looks: readonly Look[], { title, top }: { title: string; top: number }): string {
  const x = (day: number): number => frame.left + (day / (days - 1)) * frame.width;
  const y = (value: number): number => {
    const held = Math.min(range.high, Math.max(range.low, value));
    return top + ((range.high - held) / (range.high - range.low)) * frame.height;
  };
  const points = (pick: (look: Look) => number): string[] =>
    looks.map((look, day) => `${x(day).toFixed(1)},${y(pick(look)).toFixed(1)}`);
  const band = [...points(({ low }) => low), ...points(({ high }) => high).toReversed()];
  const firm = looks.flatMap(({ isFirm }, day) => (isFirm ? [day] : []));
  const step = frame.width / days;
  const marks = firm.map(
    (day) =>
      `<rect x="${(x(day) - step / 2).toFixed(1)}" y="${top}" width="${step.toFixed(1)}" height="${frame.height}" fill="#c92a2a" fill-opacity="0.25"/>`,
  );
  const rule = (value: number, style: string, label: string): string =>
    `<line x1="${frame.left}" x2="${frame.left + frame.width}" y1="${y(value)}" y2="${y(value)}" ${style}/>` +
    `<text x="${frame.left - 6}" y="${y(value) + 4}" text-anchor="end" font-size="11">${label}</text>`;
  const said = firm.length === 0 ? 'advises it on no day' : `advises it on ${firm.length} days`;
  return [
    `<text x="${frame.left}" y="${top - 10}" font-size="14" font-weight="600">${title}: ${said}</text>`,
    ...marks,
    `<polygon points="${band.join(' ')}" fill="#1864ab" fill-opacity="0.15"/>`,
    `<polyline points="${points(({ difference }) => difference).join(' ')}" fill="none" stroke="#1864ab" stroke-width="1.5"/>`,
    rule(0, 'stroke="#868e96"', '0'),
    rule(-margin, 'stroke="#c92a2a" stroke-dasharray="5 3"', '−5'),
    `<text x="${frame.left - 6}" y="${y(0.2) + 4}" text-anchor="end" font-size="11">+20</text>`,
    `<text x="${frame.left - 6}" y="${y(-0.3) + 4}" text-anchor="end" font-size="11">−30</text>`,
  ].join('\n');
}

const ever = { once: 0, always: 0 };
let drawn: { once: Look; always: Look }[] | undefined;
for (let seed = 1; seed <= histories; seed += 1) {
  const looks = looksAt(seed);
  const firmDays = looks.filter(({ once }) => once.isFirm).length;
  if (firmDays > 0) ever.once += 1;
  if (looks.some(({ always }) => always.isFirm)) ever.always += 1;
  // The first history that shows what is spoken of.
  if (drawn === undefined && firmDays >= 5) drawn = looks;
}
const looks = drawn ?? looksAt(1);
const share = (count: number): string => `${Math.round((100 * count) / histories)}%`;
const second = frame.top + frame.height + frame.gap;
const bottom = second + frame.height;
const caption = `Of ${histories} such histories the first ever advises it in ${share(ever.once)}, the second in ${share(ever.always)}.`;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 730 ${bottom + 82}" font-family="system-ui, sans-serif" fill="#212529">
<title>One history, looked at every day</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${frame.left}" y="26" font-size="16" font-weight="600">An alternative that is truly 6 points worse, 5 being allowed</text>
${panel(
  looks.map(({ once }) => once),
  { title: 'A test for one look, last 30 days', top: frame.top },
)}
${panel(
  looks.map(({ always }) => always),
  { title: 'Evidence that holds for any number of looks, all days', top: second },
)}
<text x="${frame.left}" y="${bottom + 22}" font-size="12">Day 1</text>
<text x="${frame.left + frame.width}" y="${bottom + 22}" text-anchor="end" font-size="12">Day ${days}, ${tasksPerDay} tasks a day by each</text>
<text x="${frame.left}" y="${bottom + 48}" font-size="13">${caption}</text>
<text x="${frame.left}" y="${bottom + 66}" font-size="11" fill="#495057">Difference of quality in points, and what it may be by either way of looking; red: days on which the bound lies above −5.</text>
</svg>
`;
writeFileSync(picture, svg);
console.log(caption);
