import { describe, expect, it } from 'vitest';
import type { EventPayload } from '../../source/domain/run-event.ts';
import { emptyRunState } from '../../source/domain/run-state.ts';
import { createEmit } from '../../source/engine/emit.ts';

const key = 'user-key-0123456789';
const shaped = 'sk-proj-abcdefghijklmnopqrstuvwxyz';

/** What the journal gets of an event. */
function kept(payload: EventPayload): string {
  const lines: string[] = [];
  const emit = createEmit({
    projectId: 'p',
    clock: () => 1,
    secrets: [key],
    state: emptyRunState('p'),
    sink: (event) => lines.push(JSON.stringify(event)),
  });
  expect(emit(payload)).toBe(true);
  return lines.join('');
}

describe('an event', () => {
  it('names no key among the problems of an answer, whichever check quotes it', () => {
    const said = kept({
      type: 'attempt-finished',
      taskId: 'a',
      iteration: 1,
      taskType: 'summarization',
      model: 'm',
      costUsd: 0,
      latencyMs: 1,
      failed: false,
      policyViolation: false,
      validatorsPassed: false,
      problems: [`command failed: ${key}`, `grep: no ${shaped} here`],
      error: `refused ${key}`,
    });
    expect(said).not.toContain(key);
    expect(said).not.toContain(shaped);
    expect(said).toContain('command failed: [redacted]');
  });
});
