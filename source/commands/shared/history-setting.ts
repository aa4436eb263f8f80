import { addressVariable } from '../../telemetry/index.ts';
import { printText } from '../../dashboard/output/print.ts';
import { textFlag } from '../command-line/flag-values.ts';
import type { CommandContext, FlagValues } from '../command-line/specification.ts';

/**
 * The context of a command that has a history, with the one that the configuration names where neither
 * `--db` nor the environment names any. Nothing but a file that speaks of a history is loaded for it.
 */
export async function withHistorySetting(
  context: CommandContext,
  flags: FlagValues,
  { tellsOfTrust }: { tellsOfTrust: boolean },
): Promise<CommandContext> {
  const { environment, workingDirectory, stderr } = context;
  const isNamed = textFlag(flags, 'db') !== undefined || Boolean(environment[addressVariable]);
  if (isNamed || switchesToSimulator(flags)) return context;
  const { findConfigurationFile } = await import('../configuration/find-file.ts');
  const place = { workingDirectory, environment, path: textFlag(flags, 'config') };
  const mentions = mentionsHistory(() => findConfigurationFile(place)?.text);
  if (!mentions) return context;
  const { loadConfiguration } = await import('../configuration/load.ts');
  const { history, untrusted } = await loadConfiguration(place);
  if (untrusted !== undefined && tellsOfTrust) printText(stderr, `${untrusted.notice}\n`);
  if (history === undefined) return context;
  return { ...context, environment: { ...environment, [addressVariable]: history } };
}

const switchesToSimulator = (flags: FlagValues): boolean => flags['simulate'] === true;

/** What cannot be read is said by the command that needs it. */
function mentionsHistory(read: () => string | undefined): boolean {
  try {
    return /\bhistory\b/.test(read() ?? '');
  } catch {
    return false;
  }
}
