import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { readOutcomes } from '../source/commands/replay/read-outcomes.ts';
import { driftFigures } from './learning/drift.ts';
import { type Figure, printFigures } from './learning/figure.ts';
import { generateOutcomes, shapes } from './learning/generate.ts';
import { routingFigures } from './learning/routing.ts';
import { speedFigures } from './learning/speed.ts';

/**
 * `npm run bench -- learning [--outcomes FILE] [--seeds N]`: how well routing learns.
 * Replays the given outcomes, or generated ones; everything is seeded.
 */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { outcomes: { type: 'string' }, seeds: { type: 'string', default: '10' } },
  });
  const seeds = Number(values.seeds);
  const sections: { title: string; figures: Figure[] }[] = [];
  const section = (title: string, figures: Figure[]): void => {
    sections.push({ title, figures });
    if (!json) printFigures(title, figures);
  };
  if (values.outcomes === undefined) {
    for (const shape of shapes) {
      section(`ROUTING on ${shape.name}`, routingFigures(generateOutcomes(shape, 1), seeds));
    }
  } else {
    const outcomes = await readOutcomes(values.outcomes);
    section(`ROUTING on ${basename(values.outcomes)}`, routingFigures(outcomes, seeds));
  }
  section('DRIFT', driftFigures(Math.max(20, seeds)));
  section('SPEED', speedFigures());
  if (json) console.log(JSON.stringify({ sections }));
}
