import type { Counts } from './load.ts';
import type { Rejected } from './rejected.ts';

export type Report = {
  file: string;
  format: string;
  counts: Counts;
  rejected: Rejected;
  /** Whether it was stopped before the end of the file. */
  stopped: boolean;
};

/** Lines that are named in text; JSON names some more. */
const maxShown = 20;

/** What came of an import, in lines for people: first what is wrong. */
export function reportText({ file, format, counts, rejected, stopped }: Report): {
  problems: string;
  summary: string;
} {
  const named = rejected.lines
    .slice(0, maxShown)
    .map(({ line, reason }) => `${line > 0 ? `line ${line}: ` : ''}${reason}\n`);
  const unnamed = rejected.count - named.length;
  if (unnamed > 0) {
    named.push(
      `… and ${plural(unnamed, 'more line')}; --json names up to 100 and counts the others by reason.\n`,
    );
  }
  const { added, known, passedOver } = counts;
  const parts = [
    `${plural(added, 'record')} imported`,
    ...(known > 0 ? [`${number(known)} already there`] : []),
    ...(passedOver > 0 ? [`${number(passedOver)} passed over (no answer of a model)`] : []),
    ...(rejected.count > 0 ? [`${number(rejected.count)} rejected`] : []),
  ];
  const end = stopped
    ? 'Stopped. The same command goes on from there: what is in counts once.\n'
    : '';
  return { problems: named.join(''), summary: `${file} (${format}): ${parts.join(', ')}.\n${end}` };
}

export function reportJson({ file, format, counts, rejected, stopped }: Report) {
  return {
    file,
    format,
    imported: counts.added,
    alreadyThere: counts.known,
    passedOver: counts.passedOver,
    rejected: rejected.count,
    rejectedLines: rejected.lines,
    otherRejected: rejected.others(),
    stopped,
  };
}

const number = (value: number): string => value.toLocaleString('en-US');
const plural = (count: number, word: string): string =>
  `${number(count)} ${word}${count === 1 ? '' : 's'}`;
