import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnector } from '../../../source/telemetry/postgres/connector.ts';
import { isWithoutServer, serverHistory } from '../../support/postgres.ts';

describe.skipIf(isWithoutServer).each([
  ['40001', 'transactions that cannot be put in order'],
  ['40P01', 'a deadlock'],
  ['55P03', 'a lock that is not to be had'],
])('%s, %s', (code) => {
  const raise = `DO $$ BEGIN RAISE EXCEPTION 'in the way' USING ERRCODE = '${code}'; END $$`;

  it('is tried again at once, in statements and transactions', async () => {
    const { address } = await serverHistory();
    const connector = createConnector({ address, doing: 'writing' });
    onTestFinished(() => connector.close());
    const failing = (times: number) => async (session: { rows(sql: string): Promise<unknown> }) => {
      times -= 1;
      if (times >= 0) await session.rows(raise);
      return 'done';
    };
    expect(await connector.use(failing(3))).toBe('done');
    expect(await connector.transaction({ changes: true }, failing(3))).toBe('done');
  });

  it('is never taken for a server that is away', async () => {
    const { address } = await serverHistory();
    const connector = createConnector({ address, doing: 'writing' });
    onTestFinished(() => connector.close());
    const always = connector.use((session) => session.rows(raise));
    await expect(always).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/locked by another program: try again/),
    });
    expect(await connector.use((session) => session.rows('SELECT 1'))).toEqual([[1]]);
  });
});
