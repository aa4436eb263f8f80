import process from 'node:process';
import { openPolicy } from '../../../source/domain/policy.ts';
import { seededRandom } from '../../../source/domain/runtime.ts';
import { openJournal, readJournal, runProject } from '../../../source/engine/index.ts';
import { connectProviders } from '../../../source/providers/index.ts';

/**
 * A run in a process of its own, to be killed: `node run-process.ts BASE_URL RUNS_DIRECTORY TASKS
 * [resume]`. Prints its outcome as JSON.
 */
const [baseUrl = '', directory = '', count = '0', resume] = process.argv.slice(2);

const { client, offers } = await connectProviders({
  settings: {
    providers: {
      first: { kind: 'openai-compatible', baseUrl },
      second: { kind: 'openai-compatible', baseUrl },
    },
    models: [
      { id: 'alpha', provider: 'first', price: { input: 1, output: 2 } },
      { id: 'beta', provider: 'second', price: { input: 1, output: 2 } },
      { id: 'gamma', provider: 'first', price: { input: 1, output: 2 } },
    ],
    catalogue: false,
  },
  environment: {},
});
const journal = openJournal({ directory, projectId: 'p-1', resume: resume !== undefined });
const outcome = await runProject({
  projectId: 'p-1',
  project: 'Test',
  criteria: 'Good',
  tasks: Array.from({ length: Number(count) }, (_, index) => ({
    id: `t${index}`,
    type: 'summarization',
    prompt: `Do t${index}`,
    dependsOn: index % 3 === 2 ? [`t${index - 1}`] : [],
    validators: [],
  })),
  budgetUsd: 8,
  // So that the number of calls does not depend on what they cost.
  supervision: { maxShare: 1 },
  timeLimitSeconds: 60,
  concurrency: 4,
  offers,
  client,
  history: [],
  routing: { strategy: 'adaptive', qualityTolerance: 0.05, exploration: 0.2 },
  policy: openPolicy,
  simulated: false,
  clock: () => Date.now() / 1000,
  random: seededRandom(process.pid),
  pid: process.pid,
  emit: journal.append,
  ...(resume === undefined ? {} : { resumeFrom: readJournal(journal.path) }),
});
journal.close();
process.stdout.write(JSON.stringify(outcome));
