import { didYouMean } from '../../domain/closest-name.ts';
import { exitCodes, OrchestratorError, UsageError } from '../../domain/errors.ts';
import { ownValue } from '../../domain/own-value.ts';
import { printJson, printProgress, printText } from '../../dashboard/output/print.ts';
import { isServerAddress, serverAddress } from '../../telemetry/index.ts';
import { administrator } from '../../telemetry/postgres/administration.ts';
import { switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { Command } from '../command-line/specification.ts';
import { cachePaths } from '../shared/cache-paths.ts';
import { actions } from './actions.ts';

/** `orchestrator history ACTION`: makes, fills and looks after a history on a server. */
export const command: Command = async ({ argument = '', secondArgument, flags, context }) => {
  const { environment, stdout, stderr } = context;
  const action = ownValue(actions, argument);
  if (action === undefined) {
    const names = Object.keys(actions);
    throw new UsageError(
      `There is no orchestrator history ${argument}${didYouMean(argument, names)}: use one of ${names.join(', ')}.`,
    );
  }
  if (secondArgument !== undefined && action.takes === undefined) {
    throw new UsageError(
      `orchestrator history ${argument} takes nothing after it, and "${secondArgument}" is there: see orchestrator history --help.`,
    );
  }
  const paths = cachePaths(environment, textFlag(flags, 'db'));
  if (!isServerAddress(paths.database)) {
    throw new OrchestratorError(
      'no-server',
      `The history is in the file ${paths.database}, and orchestrator history is for one on a server: name that with --db postgres://user@host/database, ORCHESTRATOR_DATABASE_URL, or history: in orchestrator.yaml.`,
    );
  }
  const connector = administrator(serverAddress(paths.database));
  const onProgress = (what: string): void => {
    if (stderr.isTTY) printProgress(stderr, what);
  };
  try {
    const given = secondArgument;
    const done = await action.run({ connector, given, flags, context, paths, onProgress });
    onProgress('');
    if (switchFlag(flags, 'json')) printJson(stdout, done.json);
    else printText(stdout, done.text);
    return done.failed === true ? exitCodes.failed : exitCodes.done;
  } finally {
    await connector.close();
  }
};
