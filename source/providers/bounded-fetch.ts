/** An answer larger than this is no model's answer, and reading it would only cost memory. */
export const defaultMaxResponseBytes = 4 * 1024 * 1024;

/** Of an error no more is read: what it has to say stands in front. */
const maxErrorBytes = 64 * 1024;

/** The server sent more than the limit; what it sent was dropped. */
export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError';
}

/**
 * The whole body of an answer, up to a limit beyond which it rejects with
 * {@link ResponseTooLargeError}; of an error its beginning.
 */
export async function readBounded(response: Response, maxBytes: number): Promise<Buffer> {
  if (response.body === null) return Buffer.alloc(0);
  if (response.status >= 300) {
    const { bytes } = await readUpTo(response.body, maxErrorBytes);
    return bytes;
  }
  const announced = Number(response.headers.get('content-length') ?? 0);
  if (announced > maxBytes) {
    await response.body.cancel();
    throw new ResponseTooLargeError(`${announced} bytes announced`);
  }
  const { bytes, isWhole } = await readUpTo(response.body, maxBytes);
  if (!isWhole) throw new ResponseTooLargeError(`more than ${maxBytes} bytes`);
  return bytes;
}

async function readUpTo(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early cancels the stream, which closes the connection.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      chunks.push(chunk.subarray(0, maxBytes - (size - chunk.byteLength)));
      return { bytes: Buffer.concat(chunks), isWhole: false };
    }
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), isWhole: true };
}
