import { isRecord } from '../../domain/is-record.ts';
import { jsonValuesIn, type JsonInText } from './json-values.ts';

/** Tells what a judge wrote from what it only quotes. */
export type Quotations = {
  /** `alone`: the judge wrote nothing besides. */
  has: (candidate: JsonInText, alone: boolean) => boolean;
  /** Whether a piece of text stands in the material. */
  hasText: (source: string) => boolean;
};

/** What the judge was shown, against which each of a few objects is compared. */
export function createQuotations(text: string, material: string): Quotations {
  let shown: string | undefined;
  let canonical: string | undefined;
  const shownValues = (): string => {
    canonical ??= jsonValuesIn(material)
      .map(({ value }) => canonicalOf(value))
      .join('\n');
    return canonical;
  };
  const hasText = (source: string): boolean => {
    shown ??= bare(material);
    return shown.includes(bare(source));
  };
  return {
    hasText,
    has(candidate, alone) {
      const { value, source, start } = candidate;
      if (isIntroduced(text, start)) return true;
      // The same number may well be given to two things; the same words are a copy.
      if (alone && !hasWords(value)) return false;
      const written = canonicalOf(value);
      return hasText(source) || written === '' || shownValues().includes(written);
    },
  };
}

/** Compared without what a quotation tends to change: blanks, escapes, case. */
function bare(text: string): string {
  return text.replaceAll(/[\s\\\u200B-\u200D\u2060\uFEFF]+/g, '').toLowerCase();
}

/** The value in one way of writing it, whatever the order of its fields; '' for one nested too deep. */
function canonicalOf(value: unknown): string {
  try {
    return sorted(value);
  } catch {
    return '';
  }
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isRecord(inner)
      ? Object.fromEntries(
          Object.entries(inner).toSorted(([left], [right]) => (left < right ? -1 : 1)),
        )
      : inner,
  );
}

function hasWords(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((field) => typeof field === 'string' && field.trim().length > 3)
  );
}

/** Right after words that introduce a quotation of the answer, or an example of the form. */
function isIntroduced(text: string, start: number): boolean {
  const before = text
    .slice(Math.max(0, start - 160), start)
    .replace(/[\s"'`“”‘’:,*~]*(?:json)?[\s"'`“”‘’:,*~]*$/i, '');
  const sentence = before.slice(
    Math.max(before.lastIndexOf('\n'), before.search(/[.!?]\s[^.!?]*$/)) + 1,
  );
  return introduces.test(sentence) && !speaksOfItself.test(sentence);
}

const introduces = new RegExp(
  String.raw`\b(?:contains|contained|containing|(?:ends|ended|ending|begins) (?:in|with)|says|said|payload|claims|claimed|states|stated|reads|includes|included|including|writes|wrote|quotes|quoted|quoting|answer was|for example|such as|in (?:the|this) (?:form|format))` +
    String.raw`(?: (?:the|a|an|this|its|own|following|literal|embedded))*(?: (?:text|object|json|line|string|snippet|block|words))?(?: (?:of|like))?$`,
  'i',
);

const speaksOfItself =
  /\b(?:my|mine|grade|graded|verdict|judge?ment|rating|assessment|therefore|so i)\b/i;
