import { describe, expect, it } from 'vitest';
import { redactSecrets } from '../../source/domain/secrets.ts';

describe('redacting', () => {
  it.each([
    'sk-proj-AbCdEf0123456789',
    'sk-ant-api03-AbCdEf_0123-456789',
    'sk-abcd****wxyz',
    'AIzaSyA0123456789abcdefghijklmnop',
    'ghp_0123456789abcdefghij',
    'xai-0123456789abcdef',
    'AKIA0123456789ABCDEF',
    'eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl',
  ])('blanks %s wherever it stands', (key) => {
    expect(redactSecrets(`Wrong key ${key}, try again`)).toBe('Wrong key [redacted], try again');
  });

  it.each([
    ['Authorization: Bearer abcdef123456', 'Authorization: Bearer [redacted]'],
    ['api_key=abcdef123456&x=1', 'api_key=[redacted]&x=1'],
    ['{"x-api-key": "abcdef123456"}', '{"x-api-key": "[redacted]"}'],
  ])('blanks what is called a key: %s', (text, redacted) => {
    expect(redactSecrets(text)).toBe(redacted);
  });

  it('blanks the given secrets, whatever they look like', () => {
    expect(redactSecrets('my password is swordfish.', ['swordfish'])).toBe(
      'my password is [redacted].',
    );
  });

  it('leaves ordinary text alone', () => {
    const text = 'The task-sketch says: skip the key points; basic rules, a bearer of news. a b c';
    expect(redactSecrets(text, ['', 'a'])).toBe(text);
  });

  it.each([
    ['spaces', 'bearer'.padEnd(200_000)],
    ['dashes', 'eyJ-'.repeat(50_000)],
    ['colons', 'key: '.repeat(40_000)],
  ])('takes time in proportion to the text: %s', (_name, text) => {
    expect(redactSecrets(text)).toBe(text);
  });
});
