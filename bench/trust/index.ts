import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { readOutcomes } from '../../source/commands/replay/read-outcomes.ts';
import { type Figure, printFigures } from '../learning/figure.ts';
import { advice } from './advice.ts';
import { judges } from './judges.ts';
import { learner } from './learner.ts';
import { outcomes as outcomesSection } from './outcomes.ts';
import type { TrustOptions, TrustSection } from './section.ts';

/** Every section, in the order in which they run; a new one is a file beside this and a line here. */
const sections: Record<string, TrustSection> = {
  advice,
  judges,
  learner,
  outcomes: outcomesSection,
};

/**
 * `npm run bench -- trust [SECTION…] [--outcomes FILE] [--histories N]`: whether numbers and advice can be
 * trusted with money, on generated worlds, and on the given outcomes.
 */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { outcomes: { type: 'string' }, histories: { type: 'string' } },
  });
  const options: TrustOptions = {};
  if (values.histories !== undefined) options.histories = Number(values.histories);
  if (values.outcomes !== undefined) {
    const outcomes = await readOutcomes(values.outcomes);
    options.outcomes = { name: basename(values.outcomes), outcomes };
  }
  const done: { section: string; title: string; figures: Figure[] }[] = [];
  for (const [name, section] of Object.entries(sections)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    for await (const [title, figures] of section.figures(options)) {
      done.push({ section: name, title, figures });
      if (!json) printFigures(title, figures);
    }
  }
  if (json) console.log(JSON.stringify({ sections: done }));
}
