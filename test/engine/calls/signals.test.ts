import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { sleep } from '../../../source/engine/calls/signals.ts';

describe('a sleep', () => {
  it('ends with its signal, whenever that is aborted, and leaves no listener behind', async () => {
    const controller = new AbortController();
    const sleepers = [1, 2, 3].map(() => sleep(1_000_000, controller.signal));
    await sleep(1, controller.signal);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(3);
    controller.abort();
    await Promise.all(sleepers);
    await sleep(1_000_000, controller.signal);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('longer than a timer holds does not end at once', async () => {
    const controller = new AbortController();
    let isOver = false;
    const sleeping = sleep(2 ** 31 + 5, controller.signal).then(() => (isOver = true));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isOver).toBe(false);
    controller.abort();
    await sleeping;
  });
});
