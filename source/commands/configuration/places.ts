import { isAbsolute, join } from 'node:path';
import { homeFolder } from '../../files/home-folder.ts';

/** The name of the file that is looked for in the current folder. */
export const localName = 'orchestrator.yaml';

/** The user's own folder for configuration: `$XDG_CONFIG_HOME/orchestrator`, or in `~/.config`. */
export function configurationFolder(
  environment: NodeJS.ProcessEnv,
  homeDirectory: string = homeFolder(),
): { path: string; name: string } {
  const named = environment['XDG_CONFIG_HOME'];
  // The standard says that a path that is not absolute is to be ignored.
  return named !== undefined && isAbsolute(named)
    ? { path: join(named, 'orchestrator'), name: join(named, 'orchestrator') }
    : {
        path: join(homeDirectory, '.config', 'orchestrator'),
        name: '~/.config/orchestrator',
      };
}
