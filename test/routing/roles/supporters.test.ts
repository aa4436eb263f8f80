import { describe, expect, it } from 'vitest';
import {
  panelOf,
  type RoutableModel,
  supportersFor,
  type SupportRequest,
} from '../../../source/routing/index.ts';

const model = (id: string, defaultCostUsd: number, strength?: number): RoutableModel => ({
  id,
  provider: id.split('-')[0] ?? id,
  defaultCostUsd,
  ...(strength === undefined ? {} : { strength }),
});

const models = [
  model('anthropic-large', 0.02, 0.93),
  model('anthropic-small', 0.003, 0.82),
  model('openai-large', 0.015, 0.94),
  model('openai-medium', 0.005, 0.88),
  model('google-medium', 0.004, 0.87),
  model('local-3b', 0),
];

const supporters = (request: Partial<SupportRequest>) =>
  supportersFor({
    role: 'judge',
    models,
    wanted: [],
    policy: { allow: [], block: [] },
    taskTypes: ['evaluation'],
    ...request,
  });
const order = (request: Partial<SupportRequest>): string[] =>
  supporters(request).map((one) => one.model);

describe('who plans, criticises and judges', () => {
  it('is the cheapest of at least median strength, then the strongest, a free unknown one last', () => {
    expect(order({ role: 'planner' })).toEqual([
      'google-medium',
      'openai-medium',
      'openai-large',
      'anthropic-large',
      'anthropic-small',
      'local-3b',
    ]);
  });

  it('is for a judge about as strong as the author, never it, and of another provider where one is', () => {
    expect(order({ author: 'anthropic-large' })).toEqual([
      'openai-medium',
      'openai-large',
      'google-medium',
      'anthropic-small',
      'local-3b',
    ]);
    expect(order({ author: 'openai-medium' })[0]).toBe('google-medium');
    expect(order({ author: 'google-medium', models: models.slice(3, 5) })).toEqual([
      'openai-medium',
    ]);
  });

  it('is of another provider though one of the author costs less', () => {
    const some = [
      model('x-author', 0.01, 0.9),
      model('x-cheap', 0.001, 0.9),
      model('y-other', 0.02, 0.9),
    ];
    expect(order({ models: some, author: 'x-author' })).toEqual(['y-other', 'x-cheap']);
    expect(order({ models: some, author: 'x-author', role: 'critic' })[0]).toBe('y-other');
  });

  it('is whom the user wants, in that order, as far as they can be had', () => {
    const wanted = ['openai-large', 'gone', 'anthropic-small'];
    expect(order({ wanted }).slice(0, 2)).toEqual(['openai-large', 'anthropic-small']);
    expect(order({ wanted, author: 'openai-large' })[0]).toBe('anthropic-small');
    expect(order({ wanted, isHealthy: (id) => id !== 'openai-large' })[0]).toBe('anthropic-small');
    expect(order({ wanted, policy: { allow: [], block: wanted } })[0]).toBe('google-medium');
  });

  it('comes last where it mostly fails, or is uninformative', () => {
    const reliability = (id: string): number => (id === 'google-medium' ? 0.4 : 1);
    expect(order({ role: 'critic', reliability })[0]).toBe('openai-medium');
    expect(order({ role: 'critic', reliability }).at(-1)).toBe('google-medium');
    const tellsNothing = (id: string): boolean => id === 'google-medium';
    expect(order({ tellsNothing, wanted: ['google-medium'] }).at(-1)).toBe('google-medium');
  });

  it('counts as more expensive by as often as it has to be asked again', () => {
    const reliability = (id: string): number => (id === 'google-medium' ? 0.7 : 1);
    expect(order({ role: 'critic', reliability })[0]).toBe('openai-medium');
  });

  it('is placed by price where nothing is known, and by what was seen where prices are alike', () => {
    const unknown = [model('a-cheap', 0.001), model('b-mid', 0.004), model('c-dear', 0.03)];
    expect(order({ models: unknown, role: 'planner' })).toEqual(['b-mid', 'c-dear', 'a-cheap']);
    const free = [model('x-1', 0), model('y-1', 0)];
    const tieBreak = (id: string): number => (id === 'y-1' ? 0.9 : 0.5);
    expect(order({ models: free, tieBreak })).toEqual(['y-1', 'x-1']);
  });

  it('is able to do the work, if anybody is', () => {
    const reviewers = models.map((one) => ({
      ...one,
      taskTypes: one.id === 'openai-large' ? ['code_review'] : ['summarization'],
    }));
    expect(order({ models: reviewers, taskTypes: ['code_review'] })).toEqual(['openai-large']);
    expect(order({ models: reviewers, taskTypes: ['creative_writing'] })).toHaveLength(6);
  });
});

describe('the judges of an answer', () => {
  const counts = (
    request: Partial<SupportRequest>,
    uselessness: (id: string) => number = () => 0,
  ) => {
    const first = new Map<string, number>();
    const second = new Map<string, number>();
    for (let index = 0; index < 1000; index += 1) {
      const uniforms = [index / 1000, ((index * 7) % 1000) / 1000] as const;
      const panel = panelOf(supporters(request), { uniforms, uselessness });
      if (panel === undefined) continue;
      first.set(panel.first, (first.get(panel.first) ?? 0) + 1);
      if (panel.second !== undefined) second.set(panel.second, (second.get(panel.second) ?? 0) + 1);
    }
    return { first, second };
  };

  it('vary, so that severities can be estimated, and the cheapest does most', () => {
    const { first, second } = counts({ author: 'anthropic-small' });
    expect([...first.keys()]).toEqual(['google-medium', 'openai-medium', 'openai-large']);
    expect(first.get('google-medium')).toBeGreaterThan(550);
    expect(first.get('openai-medium')).toBeGreaterThan(200);
    expect(second.size).toBe(3);
  });

  it('are the less often asked the less informative they seem', () => {
    const { first } = counts({ author: 'anthropic-small' }, (id) =>
      id === 'google-medium' ? 0.8 : 0,
    );
    expect(first.get('google-medium')).toBeLessThan(100);
  });

  it('are whom the user wants: the first, and a second opinion of the next', () => {
    const { first, second } = counts({ wanted: ['openai-large', 'anthropic-large'] });
    expect([...first.keys()]).toEqual(['openai-large']);
    expect([...second.keys()]).toEqual(['anthropic-large']);
    expect(counts({ wanted: ['openai-large'] }).second.size).toBe(0);
  });

  it('are nobody where nobody is left', () => {
    expect(panelOf([], { uniforms: [0, 0], uselessness: () => 0 })).toBeUndefined();
  });
});
