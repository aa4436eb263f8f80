import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openTrustStore } from '../../../source/commands/configuration/trust-store.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

it('what is trusted at one place is not trusted at another that took its record', () => {
  const directory = temporaryDirectory();
  const store = openTrustStore(directory);
  const record = (path: string) => ({ path, sha256: 'a'.repeat(64), trustedAt: 1 });
  store.add(record('/one/orchestrator.yaml'));
  const names = () => readdirSync(join(directory, 'trusted'));
  const [one = ''] = names();
  store.add(record('/two/orchestrator.yaml'));
  const two = names().find((name) => name !== one) ?? '';
  copyFileSync(join(directory, 'trusted', one), join(directory, 'trusted', two));
  expect(store.find('/one/orchestrator.yaml')).toEqual(record('/one/orchestrator.yaml'));
  expect(store.find('/two/orchestrator.yaml')).toBeUndefined();
});
