import { expect, it } from 'vitest';
import { createLimit } from '../../../source/engine/children/limit.ts';

it('lets so many work at once and no more, in order, also past one that fails', async () => {
  const limit = createLimit(2);
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const work = Array.from({ length: 5 }, (_, index) =>
    limit(async () => {
      started.push(index);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (index === 0) throw new Error('failed');
      return index;
    }),
  );
  const settled = Promise.allSettled(work);
  for (let ended = 0; ended < 5; ended += 1) {
    await expect.poll(() => started.length).toBe(Math.min(5, ended + 2));
    ends[ended]?.();
  }
  const results = await settled;
  expect(started).toEqual([0, 1, 2, 3, 4]);
  expect(results.map(({ status }) => status === 'fulfilled')).toEqual([
    false,
    true,
    true,
    true,
    true,
  ]);
});
