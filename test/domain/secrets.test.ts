import { describe, expect, it } from 'vitest';
import { holdsSecret, redactSecrets } from '../../source/domain/secrets.ts';

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
    ['Authorization: Basic dXNlcjpwYXNzd29yZA==', 'Authorization: Basic [redacted]'],
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

describe('an answer', () => {
  it.each([
    `const key = 'sk-ant-${'a1'.repeat(12)}';`,
    `AIza${'a1'.repeat(18)}`,
    'AKIA0123456789ABCDEF',
    `ghp_${'a1'.repeat(18)}`,
    `glpat-${'a1'.repeat(10)}`,
    `xoxb-${'a1'.repeat(6)}`,
    '-----BEGIN RSA PRIVATE KEY-----',
  ])('holds a secret where it has a whole key: %s', (text) => {
    expect(holdsSecret(text)).toBe(true);
  });

  it.each(['sk-learn is not a key', 'token: abcdefgh1234', 'Authorization: Bearer abcdef123456'])(
    'holds none in ordinary code: %s',
    (text) => {
      expect(holdsSecret(text)).toBe(false);
    },
  );
});

describe('a secret of the user', () => {
  it('counts from 8 characters on, the same for messages and answers', () => {
    expect(holdsSecret('It says swordfis.', ['swordfis'])).toBe(true);
    expect(redactSecrets('It says swordfis.', ['swordfis'])).toBe('It says [redacted].');
    expect(holdsSecret('A server of ollama.', ['ollama', 'ollama1'])).toBe(false);
    expect(redactSecrets('A server of ollama1.', ['ollama', 'ollama1'])).toBe(
      'A server of ollama1.',
    );
  });
});
