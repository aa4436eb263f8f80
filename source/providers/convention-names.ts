import type { ModelServer } from '../domain/model-api.ts';
import type { ResolvedProvider } from './presets.ts';
import type { ProviderKind } from './settings.ts';

/**
 * What OpenTelemetry's conventions for generative AI call the providers whose interface we speak; another
 * than these is known by its host, or goes by the name it was configured under.
 */
const byKind: Partial<Record<ProviderKind, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'gcp.gemini',
  deepseek: 'deepseek',
  moonshot: 'moonshot_ai',
};

/** The domains of providers that the conventions have a name for. */
const byDomain: Readonly<Record<string, string>> = {
  'api.anthropic.com': 'anthropic',
  'bedrock-runtime.amazonaws.com': 'aws.bedrock',
  'services.ai.azure.com': 'azure.ai.inference',
  'openai.azure.com': 'azure.ai.openai',
  'cohere.ai': 'cohere',
  'cohere.com': 'cohere',
  'deepseek.com': 'deepseek',
  'generativelanguage.googleapis.com': 'gcp.gemini',
  'aiplatform.googleapis.com': 'gcp.vertex_ai',
  'groq.com': 'groq',
  'ml.cloud.ibm.com': 'ibm.watsonx.ai',
  'mistral.ai': 'mistral_ai',
  'moonshot.ai': 'moonshot_ai',
  'moonshot.cn': 'moonshot_ai',
  'api.openai.com': 'openai',
  'perplexity.ai': 'perplexity',
  'x.ai': 'x_ai',
};

/** Where requests to a provider go, by the names that traces use. */
export function serverOf({ name, kind, address }: ResolvedProvider): ModelServer {
  const { hostname, port, protocol } = new URL(address.bases[0]);
  const host = hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return {
    conventionalProvider: nameByHost(host) ?? byKind[kind] ?? name,
    address: host,
    port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
  };
}

/** The region in a host of Amazon's stands between service and domain. */
function nameByHost(host: string): string | undefined {
  const plain = host.replace(/^(bedrock-runtime)\.[a-z\d-]+\.(amazonaws\.com)$/, '$1.$2');
  const domain = Object.keys(byDomain).find((one) => plain === one || plain.endsWith(`.${one}`));
  return domain === undefined ? undefined : byDomain[domain];
}
