import type { RunEventOf } from '../domain/run-event.ts';
import { toNano, toUsd, type NanoDollars } from './money/nano-dollars.ts';
import type { Replay } from './replay.ts';

/** Where the money went, by task and by model; exact, from what the calls say. */
export type SpendTally = {
  add(call: Pick<RunEventOf<'call-finished'>, 'costUsd' | 'model' | 'taskId'>): void;
  ofTask(taskId: string): NanoDollars;
  byModelUsd(): Record<string, number>;
};

export function createSpendTally(replay: Replay): SpendTally {
  const byModel = new Map(replay.spentByModel);
  const byTask = new Map<string, NanoDollars>();
  const ofTask = (taskId: string): NanoDollars => byTask.get(taskId) ?? replay.taskCost(taskId);
  return {
    add({ costUsd, model, taskId }) {
      const cost = toNano(costUsd);
      byModel.set(model, (byModel.get(model) ?? 0) + cost);
      if (taskId !== undefined) byTask.set(taskId, ofTask(taskId) + cost);
    },
    ofTask,
    byModelUsd: () => Object.fromEntries([...byModel].map(([model, cost]) => [model, toUsd(cost)])),
  };
}
