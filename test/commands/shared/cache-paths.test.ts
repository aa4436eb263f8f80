import { homedir } from 'node:os';
import { expect, it } from 'vitest';
import {
  cachePaths,
  isSimulatedDatabase,
  simulatedPaths,
} from '../../../source/commands/shared/cache-paths.ts';

it('keeps everything in one directory of the home by default', () => {
  expect(cachePaths({}).database).toBe(`${homedir()}/.orchestrator_cache/telemetry.db`);
});

it('goes where the environment says', () => {
  expect(cachePaths({ ORCHESTRATOR_CACHE_DIR: '/data/o' })).toEqual({
    cache: '/data/o',
    database: '/data/o/telemetry.db',
    runs: '/data/o/runs',
    scratch: '/data/o/scratch',
    preferences: '/data/o/dashboard.json',
  });
});

it('looks for journals beside the database that is named', () => {
  expect(cachePaths({}, '/elsewhere/history.db')).toMatchObject({
    database: '/elsewhere/history.db',
    runs: '/elsewhere/runs',
  });
});

it('keeps what is remembered of each database in a file of its own', () => {
  const environment = { ORCHESTRATOR_CACHE_DIR: '/data/o' };
  const nameOf = (database?: string) => cachePaths(environment, database).preferences;
  expect(nameOf('/data/o/telemetry.db')).toBe(nameOf());
  expect(nameOf('/elsewhere/a.db')).toMatch(/^\/data\/o\/dashboard-[\da-f]{16}\.json$/);
  expect(nameOf('/elsewhere/../elsewhere/a.db')).toBe(nameOf('/elsewhere/a.db'));
  const files = [undefined, '/elsewhere/a.db', '/elsewhere/b.db', 'postgres://host/one'].map(
    nameOf,
  );
  expect(new Set(files).size).toBe(files.length);
});

it('keeps the simulator apart, and knows it by its place', () => {
  const environment = { ORCHESTRATOR_CACHE_DIR: '/data/o' };
  expect(simulatedPaths(environment).database).toBe('/data/o/demo/telemetry.db');
  expect(isSimulatedDatabase(environment, '/data/o/demo/telemetry.db')).toBe(true);
  expect(isSimulatedDatabase(environment, '/data/o/telemetry.db')).toBe(false);
});
