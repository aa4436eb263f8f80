import process from 'node:process';
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { families, type Family } from './reading/families.ts';

type Figures = { kind: string; inputs: number; wrong: number; crashed: number; slowestMs: number };

/**
 * Reads texts that models may write, made at random, and counts what is read wrongly:
 * `npm run bench reading -- 20000 1` (inputs of each kind, seed).
 */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<void> {
  const [inputs = 5000, seed = 1] = args.map(Number);
  const figures = families.map((family) => measure(family, { inputs, seed }));
  if (json) console.log(JSON.stringify(figures));
  else console.table(figures);
  if (figures.some(({ wrong, crashed }) => wrong + crashed > 0)) process.exitCode = 1;
}

function measure(family: Family, { inputs, seed }: { inputs: number; seed: number }): Figures {
  const figures = { kind: family.kind, inputs, wrong: 0, crashed: 0, slowestMs: 0 };
  for (const trial of fc.sample(family.trials, { numRuns: inputs, seed })) {
    const start = performance.now();
    try {
      const fault = trial.fault();
      if (fault !== undefined) {
        figures.wrong += 1;
        if (figures.wrong <= 3) console.error(`${family.kind}: ${fault}`);
      }
    } catch (error) {
      figures.crashed += 1;
      if (figures.crashed <= 3) console.error(family.kind, error);
    }
    figures.slowestMs = Math.max(figures.slowestMs, Math.round(performance.now() - start));
  }
  return figures;
}
