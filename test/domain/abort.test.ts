import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { abortReason, onAbort } from '../../source/domain/abort.ts';

it('calls back once, whether the signal is aborted later or is already', () => {
  const { signal, abort } = controllerOf();
  const heard: string[] = [];
  onAbort(signal, () => heard.push('before'));
  onAbort(signal, () => heard.push('left'))();
  expect(abortReason(signal)).toBeUndefined();
  abort('because');
  abort('again');
  onAbort(signal, () => heard.push('after'));
  onAbort(undefined, () => heard.push('never'));
  expect(heard).toEqual(['before', 'after']);
  expect(abortReason(signal)).toBe('because');
});

it('gathers no listeners on a signal that outlives many', () => {
  const { signal } = controllerOf();
  for (let index = 0; index < 100; index += 1) onAbort(signal, () => {})();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('takes one function twice as two listeners', () => {
  const { signal, abort } = controllerOf();
  let calls = 0;
  const count = (): void => void (calls += 1);
  onAbort(signal, count);
  onAbort(signal, count)();
  abort('now');
  expect(calls).toBe(1);
});

function controllerOf() {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    abort: (reason: string) => controller.abort(new Error(reason)),
  };
}
