import Database from 'better-sqlite3';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import * as source from '../source/index.ts';
import { temporaryDirectory } from './support/temporary.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const library = pathToFileURL(join(root, 'dist/index.js')).href;

/** Runs a program that uses the built library, as another project would. */
async function runProgram(code: string, directory: string): Promise<string> {
  const file = join(directory, 'program.mjs');
  writeFileSync(file, code.replaceAll("'multi-llm-orchestrator'", `'${library}'`));
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: directory });
  return stdout;
}

it('exports what the commands use, and nothing else', () => {
  expect(Object.keys(source).toSorted()).toEqual([
    'OrchestratorError',
    'TelemetryError',
    'createProfileStore',
    'dashboardText',
    'explain',
    'loadConfiguration',
    'openTelemetryStore',
    'replay',
    'resumeProject',
    'routeTask',
    'runProject',
  ]);
});

it('loads nothing of screens, providers and the engine before it is asked for', async () => {
  const printed = await runProgram(
    `import { performance } from 'node:perf_hooks';
    const loaded = [];
    const { registerHooks } = await import('node:module');
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    await import('multi-llm-orchestrator');
    const { statSync } = await import('node:fs');
    const own = loaded.filter((url) => url.startsWith('file:'));
    console.log(own.reduce((sum, url) => sum + statSync(new URL(url)).size, 0) < 600_000);`,
    temporaryDirectory(),
  );
  expect(printed).toBe('true\n');
});

it('counts what has an id once, whoever records it and however often', async () => {
  const directory = temporaryDirectory();
  const code = `import { openTelemetryStore } from 'multi-llm-orchestrator';
    await using store = openTelemetryStore({ path: 'telemetry.db' });
    for (const id of ['a', 'b', 'a']) {
      store.recordRoutingEvent('p', id, {
        id, taskType: 'summarization', model: 'm', score: 0.5, costUsd: 1,
        judge: 'j', tokens: { input: 7, output: 3, cachedInput: 5, reasoning: 1 }, at: 1_790_000_000,
      });
    }`;
  await Promise.all([runProgram(code, directory), runProgram(code, directory)]);
  await runProgram(code, directory);
  const database = new Database(join(directory, 'telemetry.db'), { readonly: true });
  const rows = (sql: string): unknown[] => database.prepare(sql).all();
  expect(rows('SELECT count(*) AS n, max(recorded_at) AS at FROM routing_events')).toEqual([
    { n: 2, at: 1_790_000_000 },
  ]);
  expect(rows('SELECT role, model, score, input_tokens FROM model_calls ORDER BY id')).toEqual([
    { role: 'generator', model: 'm', score: null, input_tokens: 7 },
    { role: 'judge', model: 'j', score: 0.5, input_tokens: null },
    { role: 'generator', model: 'm', score: null, input_tokens: 7 },
    { role: 'judge', model: 'j', score: 0.5, input_tokens: null },
  ]);
  database.close();
});

it('warns of refused records where there is no listener', async () => {
  const directory = temporaryDirectory();
  const printed = await runProgram(
    `import { openTelemetryStore } from 'multi-llm-orchestrator';
    process.on('warning', ({ name, message }) => console.log(name, message));
    await using store = openTelemetryStore({ path: 'telemetry.db' });
    const result = { taskType: 'summarization', model: 'm' };
    store.recordRoutingEvent('p', 't', { ...result, costUsd: Number.NaN });
    store.recordRoutingEvent('p', 't', { ...result, costUsd: 1, id: '' });
    store.recordRoutingEvent('p', 't', null);
    console.log(store.stats().refused);`,
    directory,
  );
  expect(printed).toMatch(/^3\nOrchestratorWarning A record was refused because of its costUsd/);
});

it('chooses among the models that are named, within the policy', async () => {
  const directory = temporaryDirectory();
  const printed = await runProgram(
    `import { explain, openTelemetryStore } from 'multi-llm-orchestrator';
    await using store = openTelemetryStore({ path: 'telemetry.db' });
    const models = ['a', { id: 'b', costUsd: 0.5, taskTypes: ['code_review'] }];
    const ask = async (more) =>
      (await explain({ store, taskType: 'summarization', models, ...more })).chosen;
    console.log(await ask({}), await ask({ policy: { block: ['a'] } }));
    console.log((await explain({ store, taskType: 'summarization' })).candidates.length);`,
    directory,
  );
  expect(printed).toBe('a undefined\n0\n');
});

it('refuses to send anything that a found configuration asks for', async () => {
  const directory = temporaryDirectory();
  writeFileSync(
    join(directory, 'orchestrator.yaml'),
    'providers: {openai: {baseUrl: "https://elsewhere.example/v1"}}\n',
  );
  const printed = await runProgram(
    `import { loadConfiguration, runProject } from 'multi-llm-orchestrator';
    const environment = { OPENAI_API_KEY: 'k'.repeat(20), ORCHESTRATOR_CACHE_DIR: 'cache', XDG_CONFIG_HOME: process.cwd() };
    console.log((await loadConfiguration({ environment })).untrusted !== undefined);
    await runProject({ project: 'p', criteria: 'c', environment }).catch(({ code }) => console.log(code));
    await runProject({ project: 'p', criteria: 'c', projectId: '../x', environment }).catch(({ code }) => console.log(code));`,
    directory,
  );
  expect(printed).toBe('true\nuntrusted\nusage\n');
});

it('ends a run in order when its signal aborts, and continues it', async () => {
  const printed = await runProgram(
    `import { resumeProject, runProject } from 'multi-llm-orchestrator';
    const stop = new AbortController();
    const environment = { ORCHESTRATOR_CACHE_DIR: process.cwd() };
    const task = (id) => ({ id, type: 'summarization', prompt: 'Sum up ' + id });
    const first = await runProject({
      project: 'p', criteria: 'c', projectId: 'mine', simulate: true, concurrency: 1, environment,
      tasks: [task('one'), task('two')], signal: stop.signal,
      onEvent: ({ type }) => type === 'task-finished' && stop.abort(),
    });
    console.log(first.resumable, Object.keys(first.outputs).length);
    const generated = [];
    const second = await resumeProject('mine', {
      environment,
      onEvent: (event) => event.type === 'task-started' && generated.push(event.taskId),
    });
    console.log(second.resumable, Object.keys(second.outputs).length, generated.length);
    for (const id of ['mine', 'other', '..']) {
      await resumeProject(id, { environment }).then(
        ({ status }) => console.log(status),
        ({ code }) => console.log(code),
      );
    }`,
    temporaryDirectory(),
  );
  // A run that succeeded is done, however often it is resumed; one that ended otherwise has nothing left.
  expect(printed).toMatch(
    /^true 1\nfalse 2 1\n(?:success|nothing-to-resume)\nno-such-run\nusage\n$/,
  );
});

it('refuses what cannot be a run or a question, in one sentence each', async () => {
  const printed = await runProgram(
    `import { explain, openTelemetryStore, resumeProject, runProject } from 'multi-llm-orchestrator';
    await using store = openTelemetryStore({ path: 'a.db' });
    const run = { project: 'p', criteria: 'c', simulate: true };
    const task = { id: 'a', type: 'summarization', prompt: 'Sum up' };
    for (const attempt of [
      () => runProject({ simulate: true }),
      () => runProject({ ...run, project: ' ' }),
      () => runProject({ ...run, tasks: [{}] }),
      () => runProject({ ...run, tasks: [{ ...task, dependsOn: ['b'] }] }),
      () => runProject({ ...run, budgetUsd: -1 }),
      () => runProject({ ...run, timeLimitSeconds: Number.NaN }),
      () => runProject({ ...run, concurrency: 1.5 }),
      () => runProject({ ...run, tags: { 'my team': 'x' } }),
      () => resumeProject('x', { budgetUsd: 0 }),
      () => explain({ store }),
      () => explain({ store, taskType: 'summarization', models: 'm' }),
    ]) {
      await attempt().then(
        () => console.log('done'),
        ({ name, message }) => console.log(/Orchestrator|Usage/.test(name), message.split('\\n').length),
      );
    }`,
    temporaryDirectory(),
  );
  expect(printed).toBe('true 1\n'.repeat(11));
});

it('replays a file of outcomes as the command does', async () => {
  const directory = temporaryDirectory();
  const lines = Array.from({ length: 40 }, (_, item) =>
    ['a', 'b'].map((model) => `${item},summarization,${model},${model === 'a' ? 0.9 : 0.2}`),
  ).flat();
  writeFileSync(
    join(directory, 'outcomes.csv'),
    ['item_id,task_type,model,score', ...lines].join('\n'),
  );
  const printed = await runProgram(
    `import { replay } from 'multi-llm-orchestrator';
    const { runs, references } = await replay('outcomes.csv', { runs: 2, tasksPerRun: 30 });
    console.log(runs.length, references.leaderScore.toFixed(2));
    await replay('missing.csv').catch(({ code }) => console.log(code));`,
    directory,
  );
  expect(printed).toBe('2 0.90\nmissing\n');
});

it('rejects reads of what is no database with a stable code', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'notes.txt'), 'not a database '.repeat(200));
  const printed = await runProgram(
    `import { openTelemetryStore, TelemetryError } from 'multi-llm-orchestrator';
    const store = openTelemetryStore({ path: 'notes.txt', readonly: true });
    await store.modelRankings(30).catch((error) => {
      console.log(error instanceof TelemetryError, error.code);
    });
    await store.close();
    await store.close();`,
    directory,
  );
  expect(printed).toBe('true not-a-database\n');
});
