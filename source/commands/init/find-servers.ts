import { isRecord } from '../../domain/is-record.ts';
import { isThisMachine } from '../../domain/this-machine.ts';

/** A server of models on this machine, and what it says that it has. */
export type LocalServer = { name: string; baseUrl: string; models: string[] };

export type ServerPlace = { name: string; baseUrl: string };

/** How long a server is waited for: one on this machine answers at once. */
const timeoutMs = 1500;
const largestListing = 1_000_000;
const mostModels = 50;

/** Models that write no text. */
const writesNothing = /embed|rerank|whisper|tts|clip|bge-|stable-diffusion/i;

/** Where servers listen by default; `OLLAMA_HOST` moves Ollama. */
export function usualPlaces(environment: NodeJS.ProcessEnv): ServerPlace[] {
  const address = environment['OLLAMA_HOST']?.trim() ?? '';
  return [
    { name: 'ollama', baseUrl: ollamaAddress(address) },
    { name: 'lmstudio', baseUrl: 'http://127.0.0.1:1234/v1' },
    { name: 'llamacpp', baseUrl: 'http://127.0.0.1:8080/v1' },
    { name: 'vllm', baseUrl: 'http://127.0.0.1:8000/v1' },
  ];
}

/** As Ollama reads it: a host, a port, both, or an address; an address to listen at on all is this machine. */
function ollamaAddress(address: string): string {
  const text = /^:\d+$/.test(address) ? `127.0.0.1${address}` : address;
  const url = URL.parse(text.includes('://') ? text : `http://${text || '127.0.0.1'}`);
  if (url === null) return 'http://127.0.0.1:11434/v1';
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  const hasPort = /:\d+$/.test(text.replace(/\/+$/, ''));
  if (!hasPort && url.protocol === 'http:') url.port = '11434';
  return `${url.origin}/v1`;
}

/**
 * The servers that answer, of those on this machine: nobody else is asked. Never rejects.
 */
export async function findServers(places: readonly ServerPlace[]): Promise<LocalServer[]> {
  const near = places.filter(({ baseUrl }) => isThisMachine(new URL(baseUrl).hostname));
  const found = await Promise.all(
    near.map(async ({ name, baseUrl }) => {
      const models = await modelsOf(baseUrl);
      return models === undefined ? [] : [{ name, baseUrl, models }];
    }),
  );
  return found.flat();
}

/** Undefined where no server of models answers. */
async function modelsOf(baseUrl: string): Promise<string[] | undefined> {
  try {
    const response = await fetch(`${baseUrl}/models`, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) return undefined;
    const listing: unknown = JSON.parse(await bounded(response));
    const data = isRecord(listing) ? listing['data'] : undefined;
    if (!Array.isArray(data)) return undefined;
    const ids = data.flatMap((model: unknown) =>
      isRecord(model) && typeof model['id'] === 'string' && isPlain(model['id'])
        ? [model['id']]
        : [],
    );
    return [...new Set(ids)].filter((id) => !writesNothing.test(id)).slice(0, mostModels);
  } catch {
    return undefined;
  }
}

/** What a server says goes into a file of the user's. */
const isPlain = (id: string): boolean => /^[\x21-\x7E]{1,200}$/.test(id);

async function bounded(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > largestListing) throw new Error('too large');
  }
  return text;
}
