import { limits } from '../../source/domain/limits.ts';
import { describe, expect, it } from 'vitest';
import {
  callRoles,
  type CallRole,
  type ModelCall,
  type ResultOutcome,
} from '../../source/domain/model-call.ts';
import { longestName } from '../../source/telemetry/database/columns.ts';
import {
  validateCall,
  validateEvent,
  validateOutcome,
  validateSnapshot,
} from '../../source/telemetry/write/validate.ts';
import { call, profile, result } from './support.ts';

describe('validation', () => {
  it('accepts what can be true, to its limits', () => {
    const edges = { score: 0, costUsd: 0, iterations: 0, model: 'm'.repeat(longestName) };
    expect(validateEvent('p', 't', result(edges), 0)).toBeInstanceOf(Array);
    const { reviewer: _none, ...unreviewed } = result();
    expect(validateEvent('p', 't', unreviewed, 1)).toContain(null);
    const failed = profile({ failureCount: 10, validatorFailCount: 10, successRate: 0 });
    expect(
      validateSnapshot('p', { model: '模型', taskType: 't', profile: failed }, 1),
    ).toBeInstanceOf(Array);
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
    expect(validateEvent('p', 't', result(changes), 1)).toBe(field);
  });

  it.each([
    ['projectId', '', 't', 1],
    ['taskId', 'p', '', 1],
    ['recordedAt', 'p', 't', Number.NaN],
  ] as const)('refuses an event for its %s', (field, projectId, taskId, at) => {
    expect(validateEvent(projectId, taskId, result(), at)).toBe(field);
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
    expect(validateSnapshot('p', { model: 'm', taskType: 't', profile: profile(changes) }, 1)).toBe(
      field,
    );
  });

  it('takes a snapshot for unscored only where it has no quality', () => {
    const row = (qualityScore: number, unscored: boolean) =>
      validateSnapshot(
        'p',
        { model: 'm', taskType: 't', profile: profile({ qualityScore }), unscored },
        1,
      );
    expect(row(0.7, true)).toEqual(row(0.7, false));
    expect(row(0, false)).not.toContain(null);
    expect(row(0, true)).toContain(null);
  });

  it('refuses a snapshot for its names', () => {
    expect(validateSnapshot('', { model: 'm', taskType: 't', profile: profile() }, 1)).toBe(
      'projectId',
    );
    expect(validateSnapshot('p', { model: '', taskType: 't', profile: profile() }, 1)).toBe(
      'model',
    );
    expect(validateSnapshot('p', { model: 'm', taskType: '\uDC00', profile: profile() }, 1)).toBe(
      'taskType',
    );
    expect(validateSnapshot('p', { model: 'm', taskType: 't', profile: profile() }, -1)).toBe(
      'recordedAt',
    );
  });
});

describe('validation of calls and outcomes', () => {
  it('accepts a call of every role, with as little as is known of it', () => {
    for (const role of callRoles) {
      expect(validateCall('p', call({ role }), 7)).toEqual([
        'p',
        'c1',
        null,
        null,
        null,
        role,
        'openai',
        'gpt',
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        0.01,
        0,
        1200,
        'ok',
        null,
        7,
      ]);
    }
  });

  it('leaves out a name of a server that nobody can see whole: what it cost counts', () => {
    const names = { servedModel: 'gpt\u202E5', responseId: 'r\u200B1' };
    const row = validateCall('p', call(names), 7);
    expect(row).toEqual(validateCall('p', call({}), 7));
    expect(row).toContain(0.01);
  });

  it('keeps all that is known of a call, to the limits', () => {
    const known = call({
      taskId: 't',
      taskType: 'summarization',
      attempt: 1,
      servedModel: 'gpt-2026',
      responseId: 'r',
      subjectModel: 's',
      score: 1,
      inputTokens: limits.tokens,
      cachedInputTokens: 2,
      cacheWriteTokens: 3,
      outputTokens: 4,
      reasoningTokens: 5,
      costUsd: limits.costUsd,
      costEstimated: true,
      latencyMs: limits.latencyMs,
      propensity: 0.25,
      at: 9,
    });
    expect(validateCall('p', known, 7)).toEqual([
      'p',
      'c1',
      't',
      'summarization',
      1,
      'generator',
      'openai',
      'gpt',
      'gpt-2026',
      'r',
      's',
      1,
      1e9,
      2,
      3,
      4,
      5,
      1e6,
      1,
      31 * 86_400_000,
      'ok',
      0.25,
      9,
    ]);
  });

  it.each([
    ['callId', { callId: '' }],
    ['role', { role: 'boss' as CallRole }],
    ['provider', { provider: 'a\0b' }],
    ['model', { model: 'x'.repeat(1025) }],
    ['subjectModel', { subjectModel: '\uD800' }],
    ['score', { score: 1.5 }],
    ['attempt', { attempt: -1 }],
    ['inputTokens', { inputTokens: 1e9 + 1 }],
    ['cachedInputTokens', { cachedInputTokens: 0.5 }],
    ['cacheWriteTokens', { cacheWriteTokens: -1 }],
    ['outputTokens', { outputTokens: Number.NaN }],
    ['reasoningTokens', { reasoningTokens: Infinity }],
    ['costUsd', { costUsd: 1e6 + 1 }],
    ['costUsd', { costUsd: Number.NaN }],
    ['latencyMs', { latencyMs: 32 * 86_400_000 }],
    ['outcome', { outcome: '' }],
    ['propensity', { propensity: -0.1 }],
    ['recordedAt', { at: 1_800_000_000_000 }],
  ])('refuses a call for its %s', (field, changes: Partial<ModelCall>) => {
    expect(validateCall('p', call(changes), 7)).toBe(field);
  });

  it.each([{ servedModel: 'x'.repeat(5000), responseId: '\uD800' }, { responseId: '' }])(
    'leaves out what a server says of itself where it is no name, and keeps what it cost',
    (changes) => {
      const row = validateCall('p', call(changes), 7);
      expect(row.slice(8, 10)).toEqual([null, null]);
      expect(row[17]).toBe(0.01);
    },
  );

  it('accepts an outcome, and one that withdraws another', () => {
    expect(validateOutcome('p', 't', { source: 'person', value: 1, note: 'merged' }, 7)).toEqual([
      'p',
      't',
      'person',
      1,
      null,
      'merged',
      7,
    ]);
    expect(validateOutcome('p', 't', { source: 'test', value: null, sampled: 0.2 }, 7)).toEqual([
      'p',
      't',
      'test',
      null,
      0.2,
      null,
      7,
    ]);
  });

  it.each([
    ['source', { source: '' }],
    ['source', { source: 'x'.repeat(65) }],
    ['value', { value: 1.01 }],
    ['value', { value: undefined as unknown as number }],
    ['sampled', { sampled: 2 }],
    ['note', { note: 'x'.repeat(10_001) }],
  ])('refuses an outcome for its %s', (field, changes: Partial<ResultOutcome>) => {
    const outcome = { source: 'person', value: 0.5, ...changes };
    expect(validateOutcome('p', 't', outcome, 7)).toBe(field);
  });
});
