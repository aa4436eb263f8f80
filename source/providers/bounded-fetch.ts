/** An answer larger than this is no model's answer, and reading it would only cost memory. */
export const defaultMaxResponseBytes = 4 * 1024 * 1024;

/** The server sent more than the limit; what it sent was dropped. */
export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError';
}

/**
 * `fetch` that reads the whole answer itself, up to a limit, and hands it on as it came. Connections
 * are the runtime's own pool, kept alive and reused.
 */
export function boundedFetch(maxBytes: number = defaultMaxResponseBytes): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (response.body === null) return response;
    const announced = Number(response.headers.get('content-length') ?? 0);
    if (announced > maxBytes) {
      await response.body.cancel();
      throw new ResponseTooLargeError(`${announced} bytes announced`);
    }
    const bytes = await readUpTo(response.body, maxBytes);
    return new Response(new Uint8Array(bytes), {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    });
  };
}

async function readUpTo(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early cancels the stream, which closes the connection.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new ResponseTooLargeError(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
