import { normalUpperTail } from '../../domain/normal.ts';
import { normalQuantile } from './normal.ts';

/** Degrees of freedom from which Student's distribution is the normal one for all that is decided here. */
const asGoodAsNormal = 10_000;

/** Probability that Student's t is above `t`. */
export function studentUpperTail(t: number, degreesOfFreedom: number): number {
  return upperTailWith(degreesOfFreedom)(t);
}

/** {@link studentUpperTail} for some degrees of freedom, of which all that does not depend on t is computed once. */
function upperTailWith(degreesOfFreedom: number): (t: number) => number {
  if (degreesOfFreedom >= asGoodAsNormal) return normalUpperTail;
  const logBeta = logBetaOf(degreesOfFreedom / 2, 0.5);
  return (t) => {
    const upperTail =
      incompleteBeta(
        degreesOfFreedom / 2,
        0.5,
        degreesOfFreedom / (degreesOfFreedom + t * t),
        logBeta,
      ) / 2;
    return t >= 0 ? upperTail : 1 - upperTail;
  };
}

/** The t above which Student's t is with this probability, which is in (0, 0.5]. */
export function studentQuantile(alpha: number, degreesOfFreedom: number): number {
  const normal = normalQuantile(alpha);
  if (degreesOfFreedom >= expandable) return expanded(normal, degreesOfFreedom);
  const upperTailAt = upperTailWith(degreesOfFreedom);
  const logBeta = logBetaOf(degreesOfFreedom / 2, 0.5);
  const densityAt = (t: number): number =>
    Math.exp((-(degreesOfFreedom + 1) / 2) * Math.log1p((t * t) / degreesOfFreedom) - logBeta) /
    Math.sqrt(degreesOfFreedom);
  // The tail is convex and begins above the normal one's: Newton's steps come from the left and never overshoot.
  let t = normal;
  for (let step = Infinity; step > 1e-12 * Math.max(1, t); t += step) {
    step = (upperTailAt(t) - alpha) / densityAt(t);
  }
  return t;
}

/** Degrees of freedom from which the expansion is exact to 1e-6 for every tail above 1e-7, and far quicker. */
const expandable = 100;

/** Student's quantile from the normal one (Abramowitz & Stegun 1964, 26.7.5). */
function expanded(x: number, degreesOfFreedom: number): number {
  const square = x * x;
  const first = (x * (square + 1)) / 4;
  const second = (x * ((5 * square + 16) * square + 3)) / 96;
  const third = (x * (((3 * square + 19) * square + 17) * square - 15)) / 384;
  const fourth =
    (x * ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945)) / 92_160;
  return (
    x +
    (first + (second + (third + fourth / degreesOfFreedom) / degreesOfFreedom) / degreesOfFreedom) /
      degreesOfFreedom
  );
}

/**
 * The regularised incomplete beta function I_x(a, b), by its continued fraction (Press et al. 2007,
 * "Numerical Recipes", 3rd ed., section 6.4; Lentz's method).
 */
export function incompleteBeta(a: number, b: number, x: number, logBeta = logBetaOf(a, b)): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log(1 - x) - logBeta);
  // The fraction converges fast only on this side; the other follows by symmetry.
  return x < (a + 1) / (a + b + 2)
    ? (front * continuedFraction(a, b, x)) / a
    : 1 - (front * continuedFraction(b, a, 1 - x)) / b;
}

function continuedFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const kept = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 300; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    const step = d * c;
    result *= step;
    if (Math.abs(step - 1) < 1e-14) break;
  }
  return result;
}

function logBetaOf(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Lanczos coefficients for g = 7, n = 9 (Godfrey 2001). */
const lanczos = [
  0.999_999_999_999_809_9, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_1,
  -176.615_029_162_140_6, 12.507_343_278_686_905, -0.138_571_095_265_720_1,
  9.984_369_578_019_572e-6, 1.505_632_735_149_311_6e-7,
];

function logGamma(x: number): number {
  const shifted = x - 1;
  const base = shifted + 7.5;
  const series = lanczos.reduce((sum, value, index) => sum + value / (shifted + index));
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(series);
}
