import { describe, expect, it } from 'vitest';
import { surviveFaults } from '../../../bench/fleet/faults.ts';
import { isWithoutServer, serverHistory } from '../../support/postgres.ts';

describe.skipIf(isWithoutServer)(
  'machines whose connections break, or that are killed, on a server that is killed',
  () => {
    it('lose no record and double none', async () => {
      const { address, server } = await serverHistory();
      const found = await surviveFaults(server, address.schema, {
        machines: 2,
        perSecond: 60,
        seconds: 8,
      });
      const { recorded, stored, doubled, deadlocks, killed, missing } = found;
      expect(killed).toBeGreaterThan(1);
      expect(missing).toBe(0);
      expect(recorded).toBeGreaterThan(0);
      expect({ stored, doubled, deadlocks }).toEqual({
        stored: recorded,
        doubled: 0,
        deadlocks: 0,
      });
    }, 180_000);
  },
);
