import { mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ownIds } from '../../../source/commands/shared/own-ids.ts';
import { idHiderFor, serverAddress } from '../../../source/telemetry/index.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const database = 'postgres://ci@127.0.0.1/o?ids=hashed';

beforeEach(() => vi.stubEnv('ORCHESTRATOR_CACHE_DIR', temporaryDirectory()));
afterEach(() => vi.unstubAllEnvs());

it('knows runs of this machine by their digests, those that come later as well, and no others', async () => {
  const runs = temporaryDirectory();
  mkdirSync(join(runs, 'first'));
  const own = ownIds({ database, runs });
  const digest = (id: string): string =>
    idHiderFor(serverAddress(database), process.env)?.project(id) ?? id;
  expect(digest('first')).not.toBe('first');
  expect([digest('first'), digest('later')].map((id) => own.project(id))).toEqual([
    'first',
    digest('later'),
  ]);
  mkdirSync(join(runs, 'later'));
  // Two changes within a tick of the clock of files look the same.
  utimesSync(runs, 1, 1);
  // What is asked for in a row is of one look at the folder.
  await Promise.resolve();
  expect([digest('first'), digest('later')].map((id) => own.project(id))).toEqual([
    'first',
    'later',
  ]);
  expect(own.isOwn(digest('later'))).toBe(true);
  expect(own.isOwn(digest('of another'))).toBe(false);
});
