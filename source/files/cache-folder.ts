import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder in which this program keeps what is the user's: `ORCHESTRATOR_CACHE_DIR`, else in the home folder. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  return resolve(environment['ORCHESTRATOR_CACHE_DIR'] || join(homedir(), '.orchestrator_cache'));
}
