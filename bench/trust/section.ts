import type { Outcomes } from '../../source/commands/replay/outcomes.ts';
import type { Figure } from '../learning/figure.ts';

export type TrustOptions = {
  /** Every model's outcome for every item, from `--outcomes FILE`; absent: generated worlds alone. */
  outcomes?: { name: string; outcomes: Outcomes };
  /** Histories per figure; a section's own number unless told otherwise. */
  histories?: number;
};

/** One part of what the advice is trusted for; all of it is seeded. */
export type TrustSection = {
  /** Each title with its figures, as soon as they are there. */
  figures(
    options: TrustOptions,
  ):
    | Iterable<readonly [title: string, figures: Figure[]]>
    | AsyncIterable<readonly [title: string, figures: Figure[]]>;
};
