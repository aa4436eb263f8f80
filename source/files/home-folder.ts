import { homedir, userInfo } from 'node:os';

/** The user's home folder, whatever the environment says: an empty HOME is none. */
export function homeFolder(): string {
  return homedir() || userInfo().homedir;
}
