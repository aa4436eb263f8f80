import type { OperationName } from './contract.ts';

/** `Input` fits its operation: the types see to it where it is asked. */
export type ToWorker<Input = unknown> = { operation: OperationName; input: Input };

/** `Value` is known to whoever asked; neither the thread nor the lane looks into it. */
export type FromWorker<Value = unknown> =
  | { type: 'ready' }
  /** `retire`: the thread is not to be trusted with another answer. */
  | { type: 'done'; value: Value; retire: boolean }
  | { type: 'failed'; message: string };
