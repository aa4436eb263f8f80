import { defined } from '../../domain/defined.ts';
import { exitCodes, OrchestratorError, UsageError } from '../../domain/errors.ts';
import type { ResultOutcome } from '../../domain/model-call.ts';
import { cleanText } from '../../dashboard/text/index.ts';
import { printJson, printText } from '../../dashboard/output/print.ts';
import { numberFlag, switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { Command, FlagValues } from '../command-line/specification.ts';
import type { CachePaths } from '../shared/cache-paths.ts';
import { requireDatabase } from '../shared/history-of.ts';
import { runPlaces } from '../shared/past-runs.ts';
import { askAboutResults } from './ask-about-results.ts';
import { valueOf } from './value.ts';
import { hasResult, recordOutcome, type NamedTask } from '../shared/record-outcome.ts';

const longestNote = 10_000;

/** `orchestrator outcome RUN/TASK VALUE`: what was found of a result afterwards. */
export const command: Command = async ({ argument, secondArgument = '', flags, context }) => {
  if (argument === undefined) return askAboutResults(flags, context);
  const { environment, stdout, clock } = context;
  const database = textFlag(flags, 'db');
  const outcome = outcomeOf(secondArgument, flags);
  const names = namesIn(argument);
  if (database !== undefined) requireDatabase(database);
  const places = runPlaces(environment, database).map(({ paths }) => paths);
  const { task, paths } = await find(names, places, argument);
  const recorded = await recordOutcome(paths.database, task, outcome, clock);
  const { source, value, note = null, sampled = null } = outcome;
  if (switchFlag(flags, 'json')) {
    printJson(stdout, { ...task, source, value, sampled, note, recorded });
  } else {
    const name = cleanText(`${task.projectId}/${task.taskId}`);
    const said =
      value === null
        ? `What ${source} said of ${name} is withdrawn.`
        : `${name} counts with ${value}, as ${source} found it.`;
    const waits = recorded
      ? ''
      : ' It waits beside the database, and is taken in by the next command that writes.';
    printText(stdout, `${said}${waits}\n`);
  }
  return exitCodes.done;
};

function outcomeOf(text: string, flags: FlagValues): ResultOutcome {
  const source = textFlag(flags, 'source') ?? 'person';
  if (!/^[a-z0-9_-]{1,64}$/.test(source)) {
    throw new UsageError(
      `--source ${JSON.stringify(source)} is not a word of small letters, digits, - and _: write person, test, merge, or a word of yours.`,
    );
  }
  const note = textFlag(flags, 'note');
  if (note !== undefined && (note.length > longestNote || note.includes('\0'))) {
    throw new UsageError(`--note is longer than ${longestNote} characters: say it shorter.`);
  }
  const sampled = numberFlag(flags, 'sampled', { min: 0, max: 1 });
  if (sampled === 0) {
    throw new UsageError('--sampled 0 cannot be: what is never asked for has no outcome.');
  }
  return { source, value: valueOf(text), ...defined({ sampled, note }) };
}

/** Names may hold slashes themselves, so that there is more than one way to read some. */
function namesIn(argument: string): NamedTask[] {
  const names = [...argument.matchAll(/\//g)]
    .map(({ index }) => ({
      projectId: argument.slice(0, index),
      taskId: argument.slice(index + 1),
    }))
    .filter(({ projectId, taskId }) => projectId !== '' && taskId !== '');
  if (names.length > 0) return names;
  throw new UsageError(
    `${JSON.stringify(argument)} names no task: write RUN/TASK, as orchestrator runs RUN shows them.`,
  );
}

async function find(
  names: readonly NamedTask[],
  places: readonly CachePaths[],
  argument: string,
): Promise<{ task: NamedTask; paths: CachePaths }> {
  for (const paths of places) {
    for (const task of names) {
      if (await hasResult(paths, task)) return { task, paths };
    }
  }
  throw new OrchestratorError(
    'no-such-task',
    `No task ${argument} with a result is known: orchestrator runs lists the runs, and orchestrator runs RUN the tasks of one.`,
  );
}
