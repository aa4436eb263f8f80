import { describe, expect, it } from 'vitest';
import { classify, factsOf } from '../../source/providers/classify.ts';
import { readErrorBody } from '../../source/providers/error-body.ts';
import type { FailureKind } from '../../source/providers/failure-kinds.ts';

function kindOf(status: number, answer: unknown, model = 'some-model-1'): FailureKind {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return classify(factsOf({ status, model, text, body: readErrorBody(text) }));
}

const error = (message: string, more: Record<string, unknown> = {}) => ({
  error: { message, ...more },
});
const google = (code: number, message: string, status: string, reason?: string) => ({
  error: {
    code,
    message,
    status,
    ...(reason === undefined
      ? {}
      : {
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
              reason,
              domain: 'googleapis.com',
            },
          ],
        }),
  },
});
const anthropic = (type: string, message: string) => ({ type: 'error', error: { type, message } });

type Sample = [provider: string, status: number, body: unknown];

function tells(kind: FailureKind, samples: readonly Sample[]): void {
  it.each(samples)('%s, %i: %j', (_provider, status, body) => {
    expect(kindOf(status, body)).toBe(kind);
  });
}

describe('a wrong key', () => {
  tells('wrong-key', [
    [
      'OpenAI',
      401,
      error('Incorrect API key provided: sk-ab****yz.', {
        type: 'invalid_request_error',
        code: 'invalid_api_key',
      }),
    ],
    ['Anthropic', 401, anthropic('authentication_error', 'invalid x-api-key')],
    [
      'Google',
      400,
      google(
        400,
        'API key not valid. Please pass a valid API key.',
        'INVALID_ARGUMENT',
        'API_KEY_INVALID',
      ),
    ],
    ['Google', 400, google(400, 'API key expired. Please renew the API key.', 'INVALID_ARGUMENT')],
    [
      'Google',
      403,
      google(
        403,
        'Your API key was reported as leaked. Please use another API key.',
        'PERMISSION_DENIED',
      ),
    ],
    [
      'Google',
      403,
      google(
        403,
        "Method doesn't allow unregistered callers (callers without established identity).",
        'PERMISSION_DENIED',
      ),
    ],
    [
      'Google',
      403,
      google(
        403,
        'The API has not been used in project 1 before or it is disabled.',
        'PERMISSION_DENIED',
        'SERVICE_DISABLED',
      ),
    ],
    [
      'DeepSeek',
      401,
      error('Authentication Fails, Your api key: ****yz is invalid', {
        type: 'authentication_error',
      }),
    ],
    ['Moonshot', 401, error('Invalid Authentication', { type: 'invalid_authentication_error' })],
    [
      'xAI',
      400,
      {
        code: 'Client specified an invalid argument',
        error:
          'Incorrect API key provided: xa***yz. You can obtain an API key from https://console.x.ai.',
      },
    ],
    ['OpenRouter', 401, error('No auth credentials found', { code: 401 })],
    ['OpenRouter', 401, error('User not found.', { code: 401 })],
    [
      'Azure',
      401,
      {
        error: {
          code: '401',
          message:
            'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription.',
        },
      },
    ],
    ['Mistral', 401, { message: 'Unauthorized', request_id: '1' }],
    ['Cohere', 401, { message: 'invalid api token' }],
    [
      'Groq',
      401,
      error('Invalid API Key', { type: 'invalid_request_error', code: 'invalid_api_key' }),
    ],
    [
      'LiteLLM',
      401,
      error('Authentication Error, Invalid proxy server token passed.', {
        type: 'auth_error',
        code: '401',
      }),
    ],
    ['vLLM', 401, { error: 'Unauthorized' }],
    ['MiniMax', 200, { base_resp: { status_code: 1004, status_msg: 'login fail' } }],
    ['a gateway', 401, ''],
    ['a gateway with a login page', 401, '<html><h1>401 Authorization Required</h1></html>'],
    ['a gateway', 403, error('Invalid API key')],
    ['a gateway', 400, { detail: 'Missing API key' }],
  ]);
});

describe('no credit', () => {
  tells('no-credit', [
    [
      'OpenAI',
      429,
      error('You exceeded your current quota, please check your plan and billing details.', {
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      }),
    ],
    ['OpenAI', 429, error('You exceeded your current quota, please check your plan.')],
    [
      'Anthropic',
      400,
      anthropic(
        'invalid_request_error',
        'Your credit balance is too low to access the Anthropic API.',
      ),
    ],
    [
      'Anthropic',
      400,
      anthropic(
        'invalid_request_error',
        'You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.',
      ),
    ],
    [
      'DeepSeek',
      402,
      error('Insufficient Balance', { type: 'unknown_error', code: 'invalid_request_error' }),
    ],
    [
      'Moonshot',
      429,
      error('Your account is suspended due to insufficient balance', {
        type: 'exceeded_current_quota_error',
      }),
    ],
    [
      'OpenRouter',
      402,
      error('Insufficient credits. Add more using https://openrouter.ai/credits', { code: 402 }),
    ],
    [
      'OpenRouter',
      402,
      error('This request requires more credits, or fewer max_tokens.', { code: 402 }),
    ],
    [
      'xAI',
      403,
      { code: 'forbidden', error: "Your newly created team doesn't have any credits yet." },
    ],
    [
      'xAI',
      429,
      {
        code: 'exhausted',
        error:
          'Your team has either used all available credits or reached its monthly spending limit.',
      },
    ],
    ['Google', 429, google(429, 'Your prepayment credits are depleted.', 'RESOURCE_EXHAUSTED')],
    ['Zhipu', 429, error('余额不足或无可用资源包,请充值。', { code: '1113' })],
    [
      'LiteLLM',
      400,
      error('Budget has been exceeded! Current cost: 2, Max budget: 1', {
        type: 'budget_exceeded',
      }),
    ],
    [
      'Alibaba',
      400,
      error('Access denied, please make sure your account is in good standing.', {
        code: 'Arrearage',
      }),
    ],
    [
      'Fireworks',
      412,
      { error: 'Account is suspended, possibly due to reaching the monthly spending limit' },
    ],
  ]);
});

describe('a model that this key may not use', () => {
  tells('no-model-access', [
    [
      'OpenAI',
      403,
      error('Project `p` does not have access to model `some-model-1`', {
        type: 'invalid_request_error',
      }),
    ],
    [
      'Groq',
      403,
      error('The model `some-model-1` is blocked at the project level.', {
        type: 'permissions_error',
        code: 'model_permission_blocked_project',
      }),
    ],
    [
      'LiteLLM',
      401,
      error("key not allowed to access model. This key can only access models=['x'].", {
        type: 'key_model_access_denied',
      }),
    ],
    [
      'Bedrock',
      403,
      { message: "You don't have access to the model with the specified model ID." },
    ],
    ['a gateway', 403, error('some-model-1: access denied')],
  ]);
});

describe('a model that is not there', () => {
  tells('unknown-model', [
    [
      'OpenAI',
      404,
      error('The model `gpt-6.5` does not exist or you do not have access to it.', {
        code: 'model_not_found',
      }),
    ],
    ['Anthropic', 404, anthropic('not_found_error', 'model: some-model-1')],
    [
      'Google',
      404,
      google(
        404,
        'models/gemini-3.5 is not found for API version v1beta, or is not supported for generateContent.',
        'NOT_FOUND',
      ),
    ],
    ['DeepSeek', 400, error('Model Not Exist', { type: 'invalid_request_error' })],
    [
      'Moonshot',
      404,
      error('Not found the model some-model-1 or Permission denied', {
        type: 'resource_not_found_error',
      }),
    ],
    ['Ollama', 404, error("model 'some-model-1' not found", { type: 'api_error' })],
    [
      'vLLM',
      404,
      {
        object: 'error',
        message: 'The model `some-model-1` does not exist.',
        type: 'NotFoundError',
        code: 404,
      },
    ],
    [
      'Azure',
      404,
      {
        error: {
          code: 'DeploymentNotFound',
          message: 'The API deployment for this resource does not exist.',
        },
      },
    ],
    ['OpenRouter', 400, error('some-model-1 is not a valid model ID', { code: 400 })],
    [
      'Mistral',
      400,
      { message: 'Invalid model: some-model-1', type: 'invalid_model', code: '1500' },
    ],
  ]);
});

describe('an address at which nothing answers', () => {
  tells('wrong-address', [
    [
      'OpenAI',
      404,
      error('Invalid URL (POST /v1/v1/chat/completions)', { type: 'invalid_request_error' }),
    ],
    ['Anthropic', 404, anthropic('not_found_error', 'Not Found')],
    ['FastAPI', 404, { detail: 'Not Found' }],
    ['FastAPI', 405, { detail: 'Method Not Allowed' }],
    ['Ollama', 404, '404 page not found'],
    ['llama.cpp', 404, error('File Not Found', { type: 'not_found_error', code: 404 })],
    ['LM Studio', 200, { error: 'Unexpected endpoint or method. (POST /chat/completions)' }],
    ['Express', 404, '<!DOCTYPE html><pre>Cannot POST /chat/completions</pre>'],
    ['Google', 404, '<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>'],
    ['Azure', 404, { error: { code: '404', message: 'Resource not found' } }],
    ['a server', 404, ''],
    ['a server', 405, ''],
  ]);
});

describe('a limit of the rate', () => {
  tells('rate-limit', [
    [
      'Anthropic',
      429,
      anthropic(
        'rate_limit_error',
        'Number of request tokens has exceeded your per-minute rate limit',
      ),
    ],
    [
      'Google',
      429,
      google(
        429,
        'You exceeded your current quota, please check your plan and billing details.',
        'RESOURCE_EXHAUSTED',
      ),
    ],
    ['a gateway', 429, 'slow down'],
    ['a gateway', 429, ''],
    ['Zhipu', 200, error('too many', { code: '1302' })],
  ]);
  tells('model-rate-limit', [
    [
      'OpenAI',
      429,
      error(
        'Rate limit reached for some-model-1 in organization org-1 on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000.',
        { type: 'tokens', code: 'rate_limit_exceeded' },
      ),
    ],
    [
      'OpenRouter',
      429,
      error('Provider returned error', {
        code: 429,
        metadata: { raw: 'some-model-1 is temporarily rate-limited upstream.' },
      }),
    ],
  ]);
  tells('too-large-for-limit', [
    [
      'OpenAI',
      429,
      error(
        'Request too large for some-model-1 on tokens per min (TPM): Limit 30000, Requested 45000.',
        { code: 'rate_limit_exceeded' },
      ),
    ],
  ]);
});

describe('a server that is busy or not up yet', () => {
  tells('loading', [
    ['llama.cpp', 503, error('Loading model', { type: 'unavailable_error', code: 503 })],
    [
      'Hugging Face',
      503,
      { error: 'Model some-model-1 is currently loading', estimated_time: 20.5 },
    ],
    ['a gateway', 503, { detail: 'The server is starting up.' }],
    ['LM Studio', 400, { error: 'Model is loading, try later' }],
    ['a gateway', 503, { message: 'Model not ready' }],
  ]);
  tells('overloaded', [
    ['Anthropic', 529, anthropic('overloaded_error', 'Overloaded')],
    ['Google', 503, google(503, 'The model is overloaded.', 'UNAVAILABLE')],
    ['a server', 500, error('Error loading model: out of memory')],
    ['nginx', 502, '<html><h1>502 Bad Gateway</h1></html>'],
    ['Cloudflare', 520, ''],
  ]);
});

describe('a refusal of the content', () => {
  tells('moderated', [
    [
      'OpenRouter',
      403,
      error('Input was flagged by the moderation of this model', {
        code: 403,
        metadata: { reasons: ['violence'] },
      }),
    ],
    [
      'Azure',
      400,
      {
        error: {
          code: 'content_filter',
          message:
            "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
          innererror: { code: 'ResponsibleAIPolicyViolation' },
        },
      },
    ],
    [
      'OpenAI',
      400,
      error('Invalid prompt: your prompt was flagged as potentially violating our usage policy.', {
        code: 'invalid_prompt',
      }),
    ],
    ['DeepSeek', 400, error('Content Exists Risk', { type: 'invalid_request_error' })],
    ['Zhipu', 400, error('系统检测到输入或生成内容可能包含不安全或敏感内容', { code: '1301' })],
    [
      'Alibaba',
      400,
      error('Input data may contain inappropriate content.', { code: 'data_inspection_failed' }),
    ],
  ]);
});

describe('a web page from something in between', () => {
  tells('page-between', [
    ['Cloudflare', 403, '<!DOCTYPE html><title>Attention Required! | Cloudflare</title>'],
    ['Squid', 403, '<html><h1>Access denied: invalid API key</h1></html>'],
    ['a firewall', 406, '\n<html>not acceptable</html>'],
  ]);
});

describe('a request that is refused', () => {
  tells('too-long', [
    [
      'OpenAI',
      400,
      error("This model's maximum context length is 8192 tokens.", {
        code: 'context_length_exceeded',
        param: 'messages',
      }),
    ],
    [
      'Anthropic',
      400,
      anthropic('invalid_request_error', 'prompt is too long: 220000 tokens > 200000 maximum'),
    ],
    [
      'llama.cpp',
      400,
      error('the request exceeds the available context size', {
        type: 'exceed_context_size_error',
      }),
    ],
  ]);
  tells('refused-parameter', [
    [
      'OpenAI',
      400,
      error("Unsupported parameter: 'max_tokens' is not supported with this model.", {
        param: 'max_tokens',
        code: 'unsupported_parameter',
      }),
    ],
    [
      'OpenAI',
      400,
      error("Unsupported value: 'temperature' does not support 0.2 with this model.", {
        param: 'temperature',
        code: 'unsupported_value',
      }),
    ],
    ['LM Studio', 400, { error: "'response_format.type' must be 'json_schema' or 'text'" }],
    [
      'Mistral',
      422,
      {
        detail: [
          {
            type: 'extra_forbidden',
            loc: ['body', 'store'],
            msg: 'Extra inputs are not permitted',
          },
        ],
      },
    ],
  ]);
  tells('bad-request', [
    ['a server', 400, error('no')],
    ['a server', 418, ''],
  ]);
  tells('forbidden', [
    [
      'Anthropic',
      403,
      anthropic(
        'permission_error',
        'Your API key does not have permission to use the specified resource.',
      ),
    ],
    ['a gateway', 403, error('Forbidden')],
  ]);
  tells('proxy-login', [['a proxy', 407, '<html>Proxy Authentication Required</html>']]);
});

describe('a hostile body', () => {
  it.each<[string, string]>([
    ['deep', '['.repeat(60_000)],
    ['deep and whole', `${'{"error":'.repeat(7000)}{}${'}'.repeat(7000)}`],
    ['long', JSON.stringify(error('x'.repeat(1_000_000)))],
    [
      'of many details',
      JSON.stringify({ error: { details: Array.from({ length: 5000 }, () => error('x')) } }),
    ],
    [
      'of strange types',
      '{"error":{"message":{"a":1},"code":[1],"details":"x","param":7,"retry_after":null}}',
    ],
    ['with a prototype', '{"__proto__":{"error":"x"},"error":{"constructor":1,"message":"m"}}'],
  ])('that is %s is read within a moment', (_name, text) => {
    const startedAt = performance.now();
    kindOf(400, text);
    expect(performance.now() - startedAt).toBeLessThan(50);
  });
});
