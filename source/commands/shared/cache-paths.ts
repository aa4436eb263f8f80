import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../../domain/errors.ts';
import {
  addressVariable,
  isServerAddress,
  problemOfPlace,
  readServerAddress,
} from '../../telemetry/address/server-address.ts';
import { cacheFolder } from '../../files/cache-folder.ts';
import { userPath } from '../../files/user-path.ts';

/** Where everything that is kept lies. */
export type CachePaths = {
  /** The directory that holds it all. */
  cache: string;
  /** A file, or the address of a server without any password. */
  database: string;
  /** The journals and results of runs: always beside the database. */
  runs: string;
  /** Where commands that check answers run, each in a folder of its own. */
  scratch: string;
  /** What the dashboard keeps of the user's choices for this database. */
  readonly preferences: string;
};

/**
 * The user's own history, or the one that `--db` or the environment names: a file, or a server's.
 *
 * @throws UsageError for an address that is none, or has a password where others can see it.
 */
export function cachePaths(environment: NodeJS.ProcessEnv, database?: string): CachePaths {
  const cache = cacheFolder(environment);
  const place = databaseOf(environment, database) ?? join(cache, 'telemetry.db');
  return {
    cache,
    database: place,
    runs: join(isServerAddress(place) ? cache : dirname(place), 'runs'),
    scratch: join(cache, 'scratch'),
    // Only a dashboard needs it, and to load what hashes takes longer than all of the above.
    get preferences() {
      return join(cache, preferencesName(place, join(cache, 'telemetry.db')));
    },
  };
}

/** The user's own history keeps the first name that there was; those of others differ by a hash of the path. */
function preferencesName(place: string, own: string): string {
  const name = isServerAddress(place) ? place : resolve(place);
  if (name === resolve(own)) return 'dashboard.json';
  return `dashboard-${createHash('sha256').update(name).digest('hex').slice(0, 16)}.json`;
}

function databaseOf(environment: NodeJS.ProcessEnv, flag: string | undefined): string | undefined {
  const text = flag ?? (environment[addressVariable] || undefined);
  if (text === undefined) return undefined;
  const name = flag === undefined ? addressVariable : '--db';
  const problem = problemOfPlace(text);
  if (problem !== undefined) throw new UsageError(`The address in ${name} ${problem}.`);
  if (!isServerAddress(text)) return userPath(text, '.');
  const read = readServerAddress(text);
  if ('problem' in read) throw new UsageError(`The address in ${name} ${read.problem}.`);
  if (read.password !== undefined && flag !== undefined) {
    throw new UsageError(
      `The address in --db holds a password, which others can see: put it into PGPASSWORD, .pgpass or ${addressVariable}.`,
    );
  }
  return read.address.url;
}

/** The history of the simulator, which never mixes with the user's. */
export function simulatedPaths(environment: NodeJS.ProcessEnv): CachePaths {
  const { cache } = cachePaths(environment);
  return cachePaths(environment, join(cache, 'demo', 'telemetry.db'));
}

/** Whether a database is the simulator's: what it shows is marked SIMULATED. */
export function isSimulatedDatabase(environment: NodeJS.ProcessEnv, database: string): boolean {
  return (
    !isServerAddress(database) && userPath(database, '.') === simulatedPaths(environment).database
  );
}
