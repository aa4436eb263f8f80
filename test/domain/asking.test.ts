import { describe, expect, it } from 'vitest';
import { canBeAskedAbout, isAskedAbout } from '../../source/domain/asking.ts';

const names = Array.from({ length: 20_000 }, (_, index) => ({
  project: `p-${(index * 7919) % 100_003}`,
  task: `t${index % 40}`,
}));

describe('who is asked about a result', () => {
  it.each([0.05, 0.3])('is a share of %f of them, and the same again', (share) => {
    const asked = names.filter(({ project, task }) => isAskedAbout(project, task, share));
    expect(asked.length / names.length).toBeGreaterThan(share - 0.01);
    expect(asked.length / names.length).toBeLessThan(share + 0.01);
    expect(names.filter(({ project, task }) => isAskedAbout(project, task, share))).toEqual(asked);
  });

  it('are more of them with a larger share, and never others', () => {
    const few = names.filter(({ project, task }) => isAskedAbout(project, task, 0.05));
    expect(few.every(({ project, task }) => isAskedAbout(project, task, 0.2))).toBe(true);
  });

  it('is nobody with a share of 0, and everybody with 1', () => {
    expect(names.some(({ project, task }) => isAskedAbout(project, task, 0))).toBe(false);
    expect(names.every(({ project, task }) => isAskedAbout(project, task, 1))).toBe(true);
  });

  it('is nobody where there is no result, or none that was judged', () => {
    expect(canBeAskedAbout({ status: 'accepted', score: 0.8 })).toBe(true);
    expect(canBeAskedAbout({ status: 'best-effort', score: 0 })).toBe(true);
    expect(canBeAskedAbout({ status: 'accepted' })).toBe(false);
    expect(canBeAskedAbout({ status: 'failed', score: 0.2 })).toBe(false);
  });
});
