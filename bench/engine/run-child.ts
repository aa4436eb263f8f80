import process from 'node:process';
import { keepHeapSmall, openJournal, readJournal, runProject } from '../../source/engine/index.ts';
import { baseOptions, connect, independentTasks } from './project.ts';

/** One run in a process of its own: `run-child BASE_URL RUNS_DIRECTORY TASKS CONCURRENCY [resume]`. */
const [baseUrl = '', directory = '', count = '0', concurrency = '1', resume] =
  process.argv.slice(2);

keepHeapSmall();
const journal = openJournal({ directory, projectId: 'bench', resume: resume !== undefined });
const outcome = await runProject({
  ...baseOptions(await connect(baseUrl), process.pid),
  tasks: independentTasks(Number(count)),
  concurrency: Number(concurrency),
  emit: journal.append,
  ...(resume === undefined ? {} : { resumeFrom: readJournal(journal.path) }),
});
journal.close();
const { status, spentUsd, results, snapshots } = outcome;
process.stdout.write(
  JSON.stringify({
    status,
    spentUsd,
    taskIds: results.map(({ taskId }) => taskId),
    attempts: snapshots.reduce((sum, { profile }) => sum + profile.callCount, 0),
    maxRssMb: process.resourceUsage().maxRSS / 1024,
  }),
);
