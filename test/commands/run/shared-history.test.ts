import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFaultyProxy, type FaultyProxy } from '../../../bench/support/faulty-proxy.ts';
import { journalPath, readJournal } from '../../../source/engine/index.ts';
import { isWithoutServer, serverHistory } from '../../support/postgres.ts';
import { openProgram, startProgram } from '../../support/program.ts';
import { createWorld, wellBehaved } from '../support/world.ts';

const taskIds = ['t1', 't2', 't3', 't4', 'held'];

/** A machine of the fleet: a cache of its own, and a way to the server on which connections break. */
type Machine = {
  cache: string;
  proxy: FaultyProxy;
  start: (...words: string[]) => ReturnType<typeof startProgram>;
};

/** Three machines with one server, and models of whose tasks the last waits until it is let go. */
async function createFleet() {
  const { address, server } = await serverHistory();
  const { schema } = address;
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const world = await createWorld(async (asked) => {
    if (asked.role === 'generator' && asked.section('task') === 'Do held.') await held;
    return wellBehaved(asked);
  });
  const projectFile = (name: string, ids: readonly string[]): string => {
    const file = join(world.directory, `${name}.yaml`);
    const tasks = ids.map((id) => `  - {id: ${id}, type: summarization, prompt: "Do ${id}."}`);
    writeFileSync(file, `project: Secret words\ncriteria: Good\ntasks:\n${tasks.join('\n')}\n`);
    return file;
  };
  const files = { long: projectFile('long', taskIds), short: projectFile('short', ['t1', 't2']) };
  const machine = async (name: string, seed: number): Promise<Machine> => {
    const faults = { before: 0.03, after: 0.06, silent: 0.02, silentMs: 800, refused: 0.15 };
    const proxy = await openFaultyProxy(server.port, faults, seed);
    onTestFinished(() => proxy.close());
    const cache = join(world.directory, name);
    mkdirSync(cache);
    const environment = {
      ...world.environment,
      ORCHESTRATOR_CACHE_DIR: cache,
      ORCHESTRATOR_MACHINE: name,
      ORCHESTRATOR_DATABASE_URL: server.url(schema).replace(`:${server.port}/`, `:${proxy.port}/`),
    };
    const start = (...words: string[]) =>
      startProgram(words, { environment, workingDirectory: world.directory });
    return { cache, proxy, start };
  };
  const dashboard = () =>
    openProgram(['dashboard', '--db', server.url(schema)], {
      environment: { ...world.environment, ORCHESTRATOR_CACHE_DIR: join(world.directory, 'looks') },
      workingDirectory: world.directory,
      columns: 140,
      rows: 40,
    });
  return { server, schema, files, machine, dashboard, letGo };
}

describe.skipIf(isWithoutServer)('three machines that share a history', () => {
  it('lose and double nothing while connections break, one of them dies, and the server does', async () => {
    const { server, schema, files, machine, dashboard, letGo } = await createFleet();
    const [north, east, south] = await Promise.all([
      machine('north', 1),
      machine('east', 2),
      machine('south', 3),
    ]);
    const run = ({ start }: Machine, id: string, file: string) =>
      start('run', '--file', file, '--project-id', id);

    // What was done before, and is kept by a machine that has started a run since.
    for (const id of ['before-1', 'before-2']) {
      expect((await run(north, id, files.short).ended).exitCode).toBe(0);
    }

    const screen = dashboard();
    await screen.waitFor('OVERVIEW', 30_000).catch(() => undefined);
    screen.send('5');
    const runs = [
      [north, 'run-n'],
      [east, 'run-e'],
      [south, 'run-s'],
    ] as const;
    const started = runs.map(([where, id]) => run(where, id, files.long));
    for (const name of ['north', 'east', 'south']) await screen.waitFor(name, 60_000);
    await screen.waitFor((text) => (text.match(/4\/5/g) ?? []).length === 3, 60_000);

    // The work of one machine ends in the middle, and so does the server.
    started[1]?.child.kill('SIGKILL');
    await server.kill();
    await screen.waitFor('OFFLINE since', 30_000);
    const meanwhile = run(north, 'meanwhile', files.short);
    await meanwhile.says('This run starts from the history of');
    expect((await meanwhile.ended).exitCode).toBe(0);

    await server.start();
    await screen.waitFor((text) => !text.includes('OFFLINE'), 30_000);
    letGo();
    for (const place of [0, 2]) expect((await started[place]?.ended)?.exitCode).toBe(0);
    for (const { proxy } of [north, east, south]) proxy.heal();
    expect((await east.start('run', '--resume', 'run-e').ended).exitCode).toBe(0);
    // The next start of a machine takes in what waits in its spool.
    for (const where of [north, south]) {
      expect((await where.start('outcome', 'run-n/t1', 'good').ended).exitCode).toBe(0);
    }

    const rows = async (sql: string): Promise<unknown[]> => (await server.admin(sql)).rows;
    const recorded = await rows(
      `SELECT project_id AS run, count(*)::integer AS tasks, count(DISTINCT task_id)::integer AS names
       FROM ${schema}.routing_events GROUP BY 1 ORDER BY 1`,
    );
    const all = (name: string, tasks: number) => ({ run: name, tasks, names: tasks });
    expect(recorded).toEqual([
      all('before-1', 2),
      all('before-2', 2),
      all('meanwhile', 2),
      all('run-e', 5),
      all('run-n', 5),
      all('run-s', 5),
    ]);
    const calls = (cache: string, id: string): string[] =>
      readJournal(journalPath(join(cache, 'runs'), id)).flatMap((event) =>
        event.type === 'call-finished' ? [event.callId] : [],
      );
    for (const [{ cache }, id] of runs) {
      const found = (await rows(
        `SELECT call_id FROM ${schema}.model_calls WHERE project_id = '${id}'`,
      )) as { call_id: string }[];
      expect(found.map(({ call_id }) => call_id).toSorted()).toEqual(calls(cache, id).toSorted());
    }

    // The fourth machine has followed all of it, and nothing that was written has left the others.
    await screen.waitFor((text) => /run-e .*success/.test(text), 30_000);
    for (const id of ['run-n', 'run-s', 'meanwhile']) await screen.waitFor(id, 30_000);
    const shown = JSON.stringify(await rows(`SELECT state FROM ${schema}.live_runs`));
    expect(shown).toContain('run-e');
    expect(shown).not.toMatch(/Secret words|An answer of/);
    screen.send('q');
    await screen.ended;
  }, 300_000);
});
