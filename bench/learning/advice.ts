import { daySeconds } from '../../source/domain/durations.ts';
import { type CellSamples, recommend } from '../../source/telemetry/recommendations/index.ts';
import { noScores } from '../../source/domain/moments.ts';
import { atLeast, atMost, type Figure } from './figure.ts';
import { type Rng, createRng, sampleScores, type Grading } from './rng.ts';

const margin = 0.05;
const window = { days: 30, from: 0, to: 30 * daySeconds };

type World = { quality: number[]; cost: number[]; incumbent: number; cells: CellSamples[] };

/** Five models of one task type, the incumbent used a little more than the others. */
function sampleWorlds(rng: Rng, n: number, grading: Grading, types = 1): World[] {
  return Array.from({ length: types }, (_, type) => {
    const level = rng.between(0.45, 0.9);
    const quality = Array.from({ length: 5 }, () =>
      Math.min(0.97, Math.max(0.05, level + 0.08 * rng.normal())),
    );
    const cost = Array.from({ length: 5 }, () => 10 ** rng.between(-4, -2));
    const incumbent = rng.whole(5);
    const cells = quality.map((mean, model): CellSamples => {
      const tasks = model === incumbent ? n + 1 : n;
      return {
        model: `model-${model}`,
        taskType: `type-${type}`,
        scores: sampleScores(rng, mean, tasks, grading),
        costUsd: (cost[model] ?? 0) * tasks,
        priorScores: noScores,
        deterministicFailures: 0,
        attempts: tasks,
        failures: 0,
        validatorFailures: 0,
      };
    });
    return { quality, cost, incumbent, cells };
  });
}

type Named = { kind: string; world: World; alternative: number };

function advise(worlds: readonly World[]): Named[] {
  const cells = worlds.flatMap((world) => world.cells);
  return recommend({ window, cells }).flatMap(({ kind, taskType, alternative }) => {
    const world = worlds[Number(taskType.slice('type-'.length))];
    return world === undefined || alternative === undefined
      ? []
      : [{ kind, world, alternative: Number(alternative.slice('model-'.length)) }];
  });
}

function isWorse({ quality, incumbent }: World, model: number): boolean {
  return (quality[model] ?? 0) < (quality[incumbent] ?? 0) - margin;
}

export function switchFigures(histories: number): Figure[] {
  const figures: Figure[] = [];
  for (const grading of ['all-or-nothing', 'graded'] as const) {
    const rng = createRng(7);
    const given = { all: 0, right: 0 };
    for (const n of [20, 60, 200]) {
      const seen = { wrong: 0, exists: 0, named: 0, firm: 0 };
      for (let history = 0; history < histories; history += 1) {
        const worlds = sampleWorlds(rng, n, grading);
        const named = advise(worlds);
        if (
          named.some(
            ({ kind, world, alternative }) => kind === 'switch' && isWorse(world, alternative),
          )
        ) {
          seen.wrong += 1;
        }
        given.all += named.length;
        given.right += named.filter(
          ({ world, alternative }) => !isWorse(world, alternative),
        ).length;
        const [world] = worlds;
        const bar = world === undefined ? undefined : cheaperAndAsGood(world);
        if (world === undefined || bar === undefined) continue;
        seen.exists += 1;
        const fits = named.filter(
          ({ alternative }) =>
            !isWorse(world, alternative) && (world.cost[alternative] ?? 1) <= bar,
        );
        if (fits.length > 0) seen.named += 1;
        if (fits.some(({ kind }) => kind === 'switch')) seen.firm += 1;
      }
      const at = `${grading}, n = ${n}`;
      figures.push(atMost(`wrong switch, ${at}`, 0.02, seen.wrong / histories));
      if (n === 200) {
        figures.push(
          atLeast(`a cheaper model as good is named, ${at}`, 0.9, seen.named / seen.exists),
          atLeast(`and firmly, ${at}`, 0.6, seen.firm / seen.exists),
        );
      }
    }
    figures.push(atLeast(`advice that is right, ${grading}`, 0.85, given.right / given.all));
  }
  return figures;
}

/** Price of the dearest model that is cheaper and truly at least as good as the incumbent. */
function cheaperAndAsGood({ quality, cost, incumbent }: World): number | undefined {
  const fits = cost.filter(
    (price, model) =>
      model !== incumbent &&
      price <= 0.9 * (cost[incumbent] ?? 0) &&
      (quality[model] ?? 0) >= (quality[incumbent] ?? 0),
  );
  return fits.length > 0 ? Math.max(...fits) : undefined;
}

const screenCells = 126;

function screen(rng: Rng, n: number, drop: number, grading: Grading): CellSamples[] {
  return Array.from({ length: screenCells }, (_, index) => {
    const before = rng.between(0.4, 0.95);
    const fallen = index === 0 ? Math.max(0.25, before) : before;
    return {
      model: `model-${index % 9}`,
      taskType: `type-${Math.floor(index / 9)}`,
      scores: sampleScores(rng, index === 0 ? fallen - drop : before, n, grading),
      costUsd: n * 0.001,
      priorScores: sampleScores(rng, fallen, n, grading),
      deterministicFailures: 0,
      attempts: n,
      failures: 0,
      validatorFailures: 0,
    };
  });
}

export function changeFigures(looks: number): Figure[] {
  const figures: Figure[] = [];
  for (const grading of ['all-or-nothing', 'graded'] as const) {
    const rng = createRng(11);
    for (const n of [30, 60, 200]) {
      let alarms = 0;
      for (let look = 0; look < looks; look += 1) {
        const advice = recommend({ window, cells: screen(rng, n, 0, grading) });
        if (advice.some(({ kind }) => kind === 'declining' || kind === 'improving')) alarms += 1;
      }
      figures.push(atMost(`false change on 126 cells, ${grading}, n = ${n}`, 0.05, alarms / looks));
    }
    let noticed = 0;
    for (let look = 0; look < looks; look += 1) {
      const advice = recommend({ window, cells: screen(rng, 200, 0.2, grading) });
      const found = advice.some(
        ({ kind, model, taskType }) =>
          kind === 'declining' && model === 'model-0' && taskType === 'type-0',
      );
      if (found) noticed += 1;
    }
    figures.push(
      atLeast(`a drop of 20 points is noticed, ${grading}, n = 200`, 0.75, noticed / looks),
    );
  }
  return figures;
}
