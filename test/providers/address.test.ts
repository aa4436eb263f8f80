import { describe, expect, it } from 'vitest';
import { readAddress } from '../../source/providers/address.ts';
import type { ProviderKind } from '../../source/providers/settings.ts';

function basesOf(text: string, kind: ProviderKind): readonly string[] {
  const read = readAddress(text, kind);
  if ('problem' in read) throw new Error(read.problem);
  return read.address.bases;
}

describe('a base address', () => {
  it.each<[ProviderKind, string, string]>([
    ['anthropic', 'https://api.anthropic.com', 'https://api.anthropic.com/v1'],
    ['anthropic', 'https://api.anthropic.com/', 'https://api.anthropic.com/v1'],
    [
      'anthropic',
      'https://gateway.example.org/anthropic',
      'https://gateway.example.org/anthropic/v1',
    ],
    ['anthropic', 'https://gateway.example.org/v1/messages', 'https://gateway.example.org/v1'],
    ['openai', 'https://gateway.example.org', 'https://gateway.example.org/v1'],
    ['openai', ' https://gateway.example.org/v1/ ', 'https://gateway.example.org/v1'],
    ['openai', 'https://gateway.example.org/v1/chat/completions', 'https://gateway.example.org/v1'],
    ['openai-compatible', 'https://gateway.example.org/v1/chat', 'https://gateway.example.org/v1'],
    [
      'openai',
      'https://gateway.example.org/openai/v1/responses/',
      'https://gateway.example.org/openai/v1',
    ],
    ['google', 'https://gateway.example.org', 'https://gateway.example.org/v1beta'],
    [
      'google',
      'https://gateway.example.org/v1beta/models/gemini-3.5-flash:generateContent',
      'https://gateway.example.org/v1beta',
    ],
    ['deepseek', 'https://gateway.example.org', 'https://gateway.example.org'],
    ['openai-compatible', 'http://127.0.0.1:11434', 'http://127.0.0.1:11434/v1'],
    ['openai-compatible', 'localhost:11434', 'http://localhost:11434/v1'],
    ['openai-compatible', '192.168.1.5:8000/v1', 'http://192.168.1.5:8000/v1'],
    ['openai-compatible', '[::1]:8080', 'http://[::1]:8080/v1'],
    ['openai-compatible', 'gateway.example.org/v1', 'https://gateway.example.org/v1'],
    ['openai-compatible', 'HTTPS://Gateway.Example.org//v1//', 'https://gateway.example.org/v1'],
    ['openai-compatible', '"https://gateway.example.org/v1"', 'https://gateway.example.org/v1'],
    [
      'openai-compatible',
      'https://open.bigmodel.cn/api/paas/v4',
      'https://open.bigmodel.cn/api/paas/v4',
    ],
    ['openai-compatible', 'https://gateway.example.org/v1#part', 'https://gateway.example.org/v1'],
  ])('of %s, %j, leads to %s', (kind, text, expected) => {
    expect(basesOf(text, kind)[0]).toBe(expected);
  });

  it('without a version is tried with and without one', () => {
    expect(basesOf('http://127.0.0.1:8000', 'openai-compatible')).toEqual([
      'http://127.0.0.1:8000/v1',
      'http://127.0.0.1:8000',
    ]);
    expect(basesOf('http://127.0.0.1:8000/llm', 'openai-compatible')).toEqual([
      'http://127.0.0.1:8000/llm',
      'http://127.0.0.1:8000/llm/v1',
    ]);
  });

  it('keeps its query apart', () => {
    const read = readAddress('https://x.example.org/v1/chat/completions?api-version=7', 'openai');
    expect(read).toEqual({
      address: { bases: ['https://x.example.org/v1'], query: 'api-version=7' },
    });
  });

  it.each([
    ['', 'is empty'],
    ['  ', 'is empty'],
    ['ftp://host/v1', 'begins with ftp'],
    ['file:///etc/passwd', 'begins with file'],
    ['https://', 'is no address'],
    ['https://user:secret-word@host/v1', 'holds a user or password'],
  ])('that is %j is refused: it %s', (text, problem) => {
    const read = readAddress(text, 'openai');
    expect(read).toMatchObject({ problem: expect.stringContaining(problem) });
    expect(JSON.stringify(read)).not.toContain('secret-word');
  });
});
