import { describe, expect, it } from 'vitest';
import { admitEvent, admitSnapshot, longestName } from '../../source/telemetry/write/door.ts';
import { profile, result } from './support.ts';

describe('the door', () => {
  it('lets in what can be true, to its limits', () => {
    const edges = { score: 0, costUsd: 0, iterations: 0, model: 'm'.repeat(longestName) };
    expect(admitEvent('p', 't', result(edges), 0)).toBeInstanceOf(Array);
    const { reviewer: _none, ...unreviewed } = result();
    expect(admitEvent('p', 't', unreviewed, 1)).toContain(null);
    const failed = profile({ failureCount: 10, validatorFailCount: 10, successRate: 0 });
    expect(admitSnapshot('p', '模型', 't', failed, 1)).toBeInstanceOf(Array);
  });

  it.each([
    ['score', { score: Number.NaN }],
    ['score', { score: 1.01 }],
    ['score', { score: -0.01 }],
    ['costUsd', { costUsd: -1 }],
    ['costUsd', { costUsd: Infinity }],
    ['iterations', { iterations: 1.5 }],
    ['iterations', { iterations: -1 }],
    ['model', { model: 'x'.repeat(10_000_000) }],
    ['model', { model: '\uD800' }],
    ['model', { model: 'a\0b' }],
    ['reviewer', { reviewer: '\uDFFF' }],
    ['taskType', { taskType: '' }],
  ])('refuses an event for its %s', (field, changes) => {
    expect(admitEvent('p', 't', result(changes), 1)).toBe(field);
  });

  it.each([
    ['projectId', '', 't', 1],
    ['taskId', 'p', '', 1],
    ['recordedAt', 'p', 't', Number.NaN],
  ] as const)('refuses an event for its %s', (field, projectId, taskId, at) => {
    expect(admitEvent(projectId, taskId, result(), at)).toBe(field);
  });

  it.each([
    ['qualityScore', { qualityScore: -0.1 }],
    ['trustFactor', { trustFactor: 1.1 }],
    ['successRate', { successRate: Number.NaN }],
    ['avgLatencyMs', { avgLatencyMs: Number.NaN }],
    ['latencyP95Ms', { latencyP95Ms: -1 }],
    ['avgCostUsd', { avgCostUsd: Infinity }],
    ['callCount', { callCount: 0 }],
    ['failureCount', { failureCount: 11 }],
    ['validatorFailCount', { validatorFailCount: -1 }],
  ])('refuses a snapshot for its %s', (field, changes) => {
    expect(admitSnapshot('p', 'm', 't', profile(changes), 1)).toBe(field);
  });

  it('refuses a snapshot for its names', () => {
    expect(admitSnapshot('', 'm', 't', profile(), 1)).toBe('projectId');
    expect(admitSnapshot('p', '', 't', profile(), 1)).toBe('model');
    expect(admitSnapshot('p', 'm', '\uDC00', profile(), 1)).toBe('taskType');
    expect(admitSnapshot('p', 'm', 't', profile(), -1)).toBe('recordedAt');
  });
});
