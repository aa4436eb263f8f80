import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';
import { seededRandom } from '../../source/domain/runtime.ts';

/** What happens to packets, as shares of them; and how often connections are refused. */
export type Faults = {
  /** A statement is lost on its way: the server never hears it. */
  before: number;
  /** The server has done it, and the answer is lost. */
  after: number;
  /** Nothing goes through any more, either way, for {@link Faults.silentMs}. */
  silent: number;
  silentMs: number;
  refused: number;
};

export type FaultyProxy = {
  port: number;
  counts: Record<'before' | 'after' | 'silent' | 'refused', number>;
  /** From now on nothing goes wrong. */
  heal(): void;
  close(): Promise<void>;
};

/** A door to a server on this machine at which connections break as they do in networks. */
export async function openFaultyProxy(
  target: number,
  faults: Faults,
  seed: number,
): Promise<FaultyProxy> {
  const random = seededRandom(seed);
  const counts = { before: 0, after: 0, silent: 0, refused: 0 };
  const open = new Set<Socket>();
  let isHealed = false;
  const happens = (fault: keyof typeof counts): boolean => {
    if (isHealed || random() >= faults[fault]) return false;
    counts[fault] += 1;
    return true;
  };

  const server = createServer((client) => {
    if (happens('refused')) {
      client.destroy();
      return;
    }
    const upstream = connect(target, '127.0.0.1');
    let isSilent = false;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        open.delete(socket);
        end();
      });
    }
    client.on('data', (data) => {
      if (isSilent) return;
      if (happens('before')) {
        end();
        return;
      }
      if (happens('silent')) {
        isSilent = true;
        setTimeout(end, faults.silentMs);
        return;
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (isSilent) return;
      if (happens('after')) end();
      else client.write(data);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  return {
    port: address.port,
    counts,
    heal() {
      isHealed = true;
    },
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}
