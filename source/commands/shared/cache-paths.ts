import { dirname, join } from 'node:path';
import { cacheFolder } from '../../files/cache-folder.ts';
import { userPath } from '../../files/user-path.ts';

/** Where everything that is kept lies. */
export type CachePaths = {
  /** The directory that holds it all. */
  cache: string;
  database: string;
  /** The journals and results of runs: always beside the database. */
  runs: string;
  /** Where commands that check answers run, each in a folder of its own. */
  scratch: string;
  /** What the dashboard keeps of the user's choices. */
  preferences: string;
};

/** The user's own history, or the one that `--db` names. */
export function cachePaths(environment: NodeJS.ProcessEnv, database?: string): CachePaths {
  const cache = cacheFolder(environment);
  const file = database === undefined ? join(cache, 'telemetry.db') : userPath(database, '.');
  return {
    cache,
    database: file,
    runs: join(dirname(file), 'runs'),
    scratch: join(cache, 'scratch'),
    preferences: join(cache, 'dashboard.json'),
  };
}

/** The history of the simulator, which never mixes with the user's. */
export function simulatedPaths(environment: NodeJS.ProcessEnv): CachePaths {
  const { cache } = cachePaths(environment);
  return cachePaths(environment, join(cache, 'demo', 'telemetry.db'));
}

/** Whether a database is the simulator's: what it shows is marked SIMULATED. */
export function isSimulatedDatabase(environment: NodeJS.ProcessEnv, database: string): boolean {
  return userPath(database, '.') === simulatedPaths(environment).database;
}
