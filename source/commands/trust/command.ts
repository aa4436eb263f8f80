import { hash } from 'node:crypto';
import { exitCodes, OrchestratorError, UsageError } from '../../domain/errors.ts';
import { realPathOf } from '../../files/real-path.ts';
import { readTextFile } from '../../files/text-file.ts';
import { userPath } from '../../files/user-path.ts';
import { switchFlag } from '../command-line/flag-values.ts';
import type { Command } from '../command-line/specification.ts';
import {
  concernsOf,
  configurationFolder,
  localName,
  openTrustStore,
  parseConfiguration,
  type TrustRecord,
} from '../configuration/index.ts';
import { listText, trustedText, withdrawnText } from './texts.ts';
import { printJson, printText } from '../../dashboard/output/print.ts';

/** `orchestrator trust`: says that a configuration file, as it is now, may move keys and prompts. */
export const command: Command = async ({ argument, flags, context }) => {
  const { stdout, environment, workingDirectory, clock } = context;
  const json = switchFlag(flags, 'json');
  const store = openTrustStore(configurationFolder(environment).path);
  const print = (value: object, text: string): void => {
    if (json) printJson(stdout, value);
    else printText(stdout, text);
  };
  if (switchFlag(flags, 'list')) {
    if (argument !== undefined || switchFlag(flags, 'withdraw')) {
      throw new UsageError('--list shows every file: give it alone.');
    }
    const files = store.list().map((record) => ({ ...record, current: isCurrent(record) }));
    print({ files }, listText(files));
    return exitCodes.done;
  }
  const name = argument ?? localName;
  const path = userPath(name, workingDirectory);
  if (switchFlag(flags, 'withdraw')) {
    const real = realPathOf(path);
    const withdrawn = store.withdraw(real);
    print({ path: real, trusted: false, withdrawn }, withdrawnText(name, withdrawn));
    return exitCodes.done;
  }
  const file = readTextFile(path);
  if (!file.ok) {
    throw new OrchestratorError(
      'configuration',
      `${name} ${file.problem}, so there is nothing to trust: name the configuration file, as in orchestrator trust FILE.`,
      { cause: file.cause },
    );
  }
  // A file with a mistake would be trusted for something that nobody has seen yet.
  const concerns = concernsOf(parseConfiguration(file.text, name));
  const record: TrustRecord = {
    path: realPathOf(path),
    sha256: hash('sha256', file.bytes),
    trustedAt: clock(),
  };
  store.add(record);
  print({ ...record, trusted: true, allows: concerns }, trustedText(record, concerns));
  return exitCodes.done;
};

function isCurrent({ path, sha256 }: TrustRecord): boolean {
  const file = readTextFile(path);
  return file.ok && hash('sha256', file.bytes) === sha256;
}
