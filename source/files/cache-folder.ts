import { userPath } from './user-path.ts';

/** The folder in which this program keeps what is the user's: `ORCHESTRATOR_CACHE_DIR`, else in the home folder. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  return userPath(environment['ORCHESTRATOR_CACHE_DIR'] || '~/.orchestrator_cache', '.');
}
