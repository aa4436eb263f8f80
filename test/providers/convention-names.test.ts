import { expect, it } from 'vitest';
import { serverOf } from '../../source/providers/convention-names.ts';
import { resolveProvider } from '../../source/providers/presets.ts';
import type { ProviderSettings } from '../../source/providers/settings.ts';

const compatible = (baseUrl: string): ProviderSettings => ({ kind: 'openai-compatible', baseUrl });

it.each<[string, ProviderSettings, string, string, number]>([
  ['moonshot', {}, 'moonshot_ai', 'api.moonshot.ai', 443],
  ['kimi', { kind: 'moonshot' }, 'moonshot_ai', 'api.moonshot.ai', 443],
  ['google', {}, 'gcp.gemini', 'generativelanguage.googleapis.com', 443],
  ['anthropic', {}, 'anthropic', 'api.anthropic.com', 443],
  ['openai', {}, 'openai', 'api.openai.com', 443],
  [
    'openai',
    { baseUrl: 'https://me.openai.azure.com/v1' },
    'azure.ai.openai',
    'me.openai.azure.com',
    443,
  ],
  ['deepseek', {}, 'deepseek', 'api.deepseek.com', 443],
  ['zhipu', {}, 'zhipu', 'api.z.ai', 443],
  ['grok', compatible('https://api.x.ai/v1'), 'x_ai', 'api.x.ai', 443],
  ['mine', compatible('https://box.ai/v1'), 'mine', 'box.ai', 443],
  ['fast', compatible('https://api.groq.com/openai/v1'), 'groq', 'api.groq.com', 443],
  ['le-chat', compatible('https://api.mistral.ai/v1'), 'mistral_ai', 'api.mistral.ai', 443],
  [
    'aws',
    compatible('https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1'),
    'aws.bedrock',
    'bedrock-runtime.us-east-1.amazonaws.com',
    443,
  ],
  ['local', compatible('http://127.0.0.1:11434/v1'), 'local', '127.0.0.1', 11434],
  ['six', compatible('http://[::1]/v1'), 'six', '::1', 80],
])('%s with %j is %s at %s:%i', (name, settings, conventionalProvider, address, port) => {
  expect(serverOf(resolveProvider(name, settings, {}))).toEqual({
    conventionalProvider,
    address,
    port,
  });
});
