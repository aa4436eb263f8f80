import { textFlag } from '../command-line/flag-values.ts';
import type { CommandContext, FlagValues } from '../command-line/specification.ts';
import { loadConfiguration, type Configuration } from '../configuration/index.ts';

/** The configuration that a command works with. Rejects as {@link loadConfiguration} does. */
export async function configurationFor(
  flags: FlagValues,
  { workingDirectory, environment }: CommandContext,
): Promise<Configuration> {
  return loadConfiguration({ workingDirectory, environment, path: textFlag(flags, 'config') });
}
