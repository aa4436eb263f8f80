import { exitCodes, UsageError, type ExitCode } from '../../domain/errors.ts';
import type { TaskReport } from '../../domain/run-report.ts';
import { printText } from '../../dashboard/output/print.ts';
import { formatMoment } from '../../dashboard/format/index.ts';
import { cutEnd } from '../../dashboard/text/index.ts';
import { textFlag } from '../command-line/flag-values.ts';
import type { CommandContext, FlagValues } from '../command-line/specification.ts';
import type { CachePaths } from '../shared/cache-paths.ts';
import { configurationFor } from '../shared/configuration-for.ts';
import { inDialog, type Ask } from '../shared/dialog.ts';
import { outcomesOf } from '../shared/outcomes-of.ts';
import { openRun, runPlaces, runsIn } from '../shared/past-runs.ts';
import { askProbability, isAnswered, pickedResults } from '../shared/picked-results.ts';
import { recordOutcome } from '../shared/record-outcome.ts';
import { valueOf } from './value.ts';

/** Runs that are looked through, the newest first, and questions of one sitting. */
const mostRuns = 50;
const mostQuestions = 10;
const longestProject = 200;

type Question = {
  paths: CachePaths;
  projectId: string;
  project: string;
  at: number;
  task: TaskReport;
};

/**
 * Asks in a terminal whether results are good that were picked at random, and of which no person has said
 * anything yet; records each answer at once.
 *
 * @throws UsageError where nobody could answer, OrchestratorError `interrupted` after Ctrl+C or Ctrl+D.
 */
export async function askAboutResults(
  flags: FlagValues,
  context: CommandContext,
): Promise<ExitCode> {
  const example = 'name a result and what you found, as in orchestrator outcome RUN/TASK good';
  if (Object.keys(flags).some((name) => name !== 'db')) {
    throw new UsageError(`Those flags are of an outcome that you give: ${example}.`);
  }
  if (!isAnswered(context)) {
    throw new UsageError(`Nobody can be asked here, which is no terminal: ${example}.`);
  }
  const { clock, stdout, stderr } = context;
  const { supervision } = await configurationFor(flags, context);
  const probability = askProbability(supervision.ask);
  const questions = probability === 0 ? [] : await questionsOf(flags, context, probability);
  if (questions.length === 0) {
    const why =
      probability === 0
        ? 'supervision.ask is 0, so that no result is picked'
        : 'No result that was picked at random waits for your word';
    printText(stdout, `${why}: name one, as in orchestrator outcome RUN/TASK good.\n`);
    return exitCodes.done;
  }
  await inDialog(
    context,
    'What you answered is recorded: orchestrator outcome asks the rest.',
    (ask) =>
      askAll(ask, stderr, questions, async ({ paths, projectId, task }, value) => {
        const outcome = { source: 'person', value, sampled: probability };
        await recordOutcome(paths.database, { projectId, taskId: task.taskId }, outcome, clock);
      }),
  );
  printText(stdout, 'Thank you: this is what judges are held to.\n');
  return exitCodes.done;
}

async function questionsOf(
  flags: FlagValues,
  { environment, clock, stderr }: CommandContext,
  probability: number,
): Promise<Question[]> {
  const now = clock();
  const database = textFlag(flags, 'db');
  const places = runPlaces(environment, database).filter(({ simulated }) => !simulated);
  const questions: Question[] = [];
  for (const { run, place } of runsIn(places, { now, limit: mostRuns })) {
    const { projectId, startedAt: at } = run;
    const { report, state } = openRun([place], projectId, now);
    const picked = new Set(pickedResults(state, probability).map(({ id }) => id));
    if (picked.size === 0) continue;
    const said = await outcomesOf(place.paths, projectId, (message) =>
      printText(stderr, `${message}\n`),
    );
    const answered = new Set(
      said.filter(({ source }) => source === 'person').map(({ taskId }) => taskId),
    );
    for (const task of report.tasks) {
      if (!picked.has(task.taskId) || answered.has(task.taskId)) continue;
      questions.push({ paths: place.paths, projectId, project: report.project, at, task });
      if (questions.length === mostQuestions) return questions;
    }
  }
  return questions;
}

async function askAll(
  ask: Ask,
  stderr: CommandContext['stderr'],
  questions: readonly Question[],
  record: (question: Question, value: number) => Promise<void>,
): Promise<void> {
  for (const question of questions) {
    printText(stderr, textOf(question));
    const answer = await ask('Was it good? [good, bad, or 0 to 1; Enter: no answer] ', problemOf);
    if (answer !== '') await record(question, numberOf(answer) ?? 0);
  }
}

function textOf({ projectId, project, at, task }: Question): string {
  const { taskId, taskType, model, file } = task;
  return [
    `${projectId}/${taskId}  ${taskType}, by ${model ?? 'a model'}, ${formatMoment(at)}`,
    `  ${cutEnd(project.replaceAll(/\s+/g, ' '), longestProject)}`,
    `  ${file ?? 'its file is gone'}`,
    '',
  ].join('\n');
}

const numberOf = (answer: string): number | undefined => {
  const short = answer.toLowerCase();
  if (/^(?:y|yes)$/.test(short)) return 1;
  if (/^(?:n|no)$/.test(short)) return 0;
  try {
    return valueOf(answer) ?? undefined;
  } catch {
    return undefined;
  }
};

const problemOf = (answer: string): string | undefined =>
  answer === '' || numberOf(answer) !== undefined
    ? undefined
    : 'Answer good, bad, a number from 0 to 1, or Enter alone.';
