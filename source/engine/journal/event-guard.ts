import { z } from 'zod';
import type { RunEvent } from '../../domain/run-event.ts';

const text = z.string();
const number = z.number();
const task = z.looseObject({
  id: text,
  type: text,
  prompt: text,
  dependsOn: z.array(text),
  validators: z.array(z.unknown()),
});
const result = z.looseObject({
  taskId: text,
  taskType: text,
  model: text,
  score: number,
  costUsd: number,
});
const phase = z.enum(['decomposition', 'generation', 'review', 'evaluation']);
const dollars = z.looseObject({});

/** What a fold relies on of each event; everything else in it is carried as it is. */
const fields: { [Type in RunEvent['type']]: z.ZodType } = {
  'run-started': z.looseObject({ project: text, criteria: text, budgetUsd: number, pid: number }),
  'run-estimated': z.looseObject({ lowUsd: number, expectedUsd: number, highUsd: number }),
  'run-planned': z.looseObject({ tasks: z.array(task) }),
  'task-started': z.looseObject({ taskId: text, taskType: text }),
  'task-routed': z.looseObject({
    taskId: text,
    decision: z.looseObject({ taskType: text, candidates: z.array(dollars) }),
  }),
  'phase-started': z.looseObject({ taskId: text, phase: text, model: text, iteration: number }),
  'call-finished': z.looseObject({ phase, model: text, costUsd: number, latencyMs: number }),
  'attempt-finished': z.looseObject({
    taskId: text,
    taskType: text,
    model: text,
    iteration: number,
    costUsd: number,
    latencyMs: number,
  }),
  notice: z.looseObject({ message: text }),
  'task-finished': z.looseObject({ result, status: z.enum(['accepted', 'best-effort', 'failed']) }),
  heartbeat: z.looseObject({ spentUsd: number }),
  'run-finished': z.looseObject({ status: text, spentUsd: number, results: z.array(result) }),
};

const envelope = z.looseObject({
  type: z.string().refine((type) => Object.hasOwn(fields, type)),
  projectId: text,
  at: number,
});

/** Whether a value read from a journal is an event that can be folded. */
export function isRunEvent(value: unknown): value is RunEvent {
  const { success, data } = envelope.safeParse(value);
  if (!success) return false;
  const known = Object.entries(fields).find(([type]) => type === data.type);
  return known !== undefined && known[1].safeParse(value).success;
}

/** The event in a line of a journal; undefined for one that is half-written or rubbish. */
export function readEventLine(line: string): RunEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRunEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
