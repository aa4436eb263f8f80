import {
  ModelCallError,
  type ModelClient,
  type ModelRequest,
  type ModelResponse,
} from '../../domain/model-api.ts';
import { abortReason, onAbort } from '../../domain/abort.ts';
import { messageOf } from '../../domain/errors.ts';

/** How long a client may take to notice its abort before it is left behind. */
const abortGraceMs = 1000;

/**
 * Sends one request within a time limit and a signal. Rejects with a {@link ModelCallError}, whatever
 * the client does: one that does not heed its signal is left behind.
 */
export async function send(
  client: ModelClient,
  request: ModelRequest,
  limits: { timeoutMs: number; execution: AbortSignal },
): Promise<ModelResponse> {
  const controller = new AbortController();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, limits.timeoutMs);
  let graceTimer: NodeJS.Timeout | undefined;
  const off = onAbort(limits.execution, () => controller.abort());
  try {
    return await new Promise<ModelResponse>((resolve, reject) => {
      controller.signal.addEventListener('abort', () => {
        graceTimer = setTimeout(() => reject(new Error('no answer to the abort')), abortGraceMs);
      });
      if (controller.signal.aborted) {
        reject(new Error('aborted before it was sent'));
        return;
      }
      client.generate({ ...request, signal: controller.signal }).then(resolve, reject);
    });
  } catch (error) {
    const seconds = Math.round(limits.timeoutMs / 1000);
    if (timedOut) {
      throw new ModelCallError('timed-out', `no answer within ${seconds} s`, { cause: error });
    }
    if (controller.signal.aborted) {
      throw new ModelCallError('aborted', abortReason(limits.execution) ?? 'aborted', {
        cause: error,
      });
    }
    if (error instanceof ModelCallError) throw error;
    throw new ModelCallError('invalid-response', messageOf(error), {
      cause: error,
      mayHaveCost: true,
    });
  } finally {
    clearTimeout(timer);
    clearTimeout(graceTimer);
    off();
  }
}
