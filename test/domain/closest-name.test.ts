import { describe, expect, it } from 'vitest';
import { closestName, didYouMean } from '../../source/domain/closest-name.ts';

describe('what a misspelt name was meant to be', () => {
  it.each([
    ['providres', 'providers'],
    ['Providers', 'providers'],
    ['provider', 'providers'],
    ['qualitytolerance', 'qualityTolerance'],
    ['quality_tolerance', 'qualityTolerance'],
    ['modles', 'models'],
  ])('%s: %s', (name, meant) => {
    expect(closestName(name, ['providers', 'models', 'qualityTolerance', 'policy'])).toBe(meant);
  });

  it('is nothing where none is close, or the name is right', () => {
    expect(closestName('banana', ['providers', 'models'])).toBeUndefined();
    expect(closestName('models', ['models'])).toBeUndefined();
    expect(closestName('x'.repeat(10_000), ['x'.repeat(10_001)])).toBeUndefined();
    expect(didYouMean('banana', ['models'])).toBe('');
    expect(didYouMean('modles', ['models'])).toBe(' (did you mean models?)');
  });
});
