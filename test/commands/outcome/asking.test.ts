import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openProgram } from '../../support/program.ts';
import { createWorld, type World } from '../support/world.ts';

const columns = ['task_id', 'source', 'value', 'sampled'] as const;
type Row = Record<(typeof columns)[number], unknown>;

function rowsIn({ cache }: World): Row[] {
  const database = new Database(join(cache, 'telemetry.db'), { readonly: true });
  const rows = database.prepare<[], Row>(`SELECT ${columns.join(', ')} FROM outcomes`).all();
  database.close();
  return rows;
}

/** A person who is asked about every result of a run with two. */
async function askedWorld(ask: number): Promise<World> {
  const world = await createWorld();
  const file = join(world.directory, 'orchestrator.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}supervision: {ask: ${ask}}\n`);
  await world.run('run --project Write --criteria Good --project-id mine'.split(' '));
  return world;
}

const open = ({ directory, environment }: World) =>
  openProgram(['outcome'], { environment, workingDirectory: directory, rows: 40 });

describe('orchestrator outcome without a result', () => {
  it('asks in a terminal about those that were picked, once each', async () => {
    const world = await askedWorld(1);
    const terminal = open(world);
    await terminal.waitFor(/mine\/first[^]*Was it good\?/);
    expect(terminal.text()).toContain('first.result.md');
    terminal.send('maybe\r');
    await terminal.waitFor('Answer good, bad, a number from 0 to 1, or Enter alone.');
    terminal.send('\r');
    await terminal.waitFor(/mine\/second[^]*Was it good\?/);
    terminal.send('0.25\r');
    expect(await terminal.ended).toMatchObject({ exitCode: 0 });
    expect(rowsIn(world)).toEqual([
      { task_id: 'second', source: 'person', value: 0.25, sampled: 1 },
    ]);
    const again = open(world);
    await again.waitFor(/mine\/first[^]*Was it good\?/);
    again.send('good\r');
    expect(await again.ended).toMatchObject({ exitCode: 0 });
    const last = open(world);
    expect(await last.ended).toMatchObject({ exitCode: 0 });
    expect(last.text()).toContain('No result that was picked at random waits for your word');
  });

  it('keeps what was answered where the user leaves', async () => {
    const world = await askedWorld(1);
    const terminal = open(world);
    await terminal.waitFor(/mine\/first[^]*Was it good\?/);
    terminal.send('y\r');
    await terminal.waitFor(/mine\/second[^]*Was it good\?/);
    terminal.send('\u0003');
    expect(await terminal.ended).toMatchObject({ exitCode: 130 });
    expect(rowsIn(world)).toEqual([{ task_id: 'first', source: 'person', value: 1, sampled: 1 }]);
  });

  it('says what to give where nobody wants to be asked, or is there', async () => {
    const world = await askedWorld(0);
    const terminal = open(world);
    expect(await terminal.ended).toMatchObject({ exitCode: 0 });
    expect(terminal.text()).toContain('supervision.ask is 0');
    expect(await world.run(['outcome'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('as in orchestrator outcome RUN/TASK good.'),
    });
  });
});
