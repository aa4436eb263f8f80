import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isWithoutServer, serverHistory } from '../../support/postgres.ts';
import { runProgram } from '../../support/program.ts';
import { createWorld } from '../support/world.ts';

describe.skipIf(isWithoutServer)('a configuration that hashes ids', () => {
  it('lets none leave by its name, and everything on this machine goes by the names', async () => {
    const { address, server } = await serverHistory();
    const { schema } = address;
    const world = await createWorld();
    const file = join(world.directory, 'orchestrator.yaml');
    const settings = `history: {url: "${server.url(schema)}", hashIds: true}\n`;
    writeFileSync(file, readFileSync(file, 'utf8') + settings);
    const where = { environment: world.environment, workingDirectory: world.directory };
    const say = async (...words: string[]): Promise<string> => {
      const { exitCode, stdout, stderr } = await runProgram(words, where);
      if (exitCode !== 0) throw new Error(stdout + stderr);
      return stdout;
    };
    const words = ['--project', 'Write', '--criteria', 'Good', '--project-id', 'acme-merger'];
    await say('run', ...words);
    expect(await say('outcome', 'acme-merger/first', 'good')).toContain('counts with 1');
    expect(await say('runs', 'acme-merger')).toContain('Outcome (person): found 1');
    const listed: { projectId: string }[] = JSON.parse(await say('runs', '--json'));
    expect(listed.map(({ projectId }) => projectId)).toEqual(['acme-merger']);
    const { spend } = JSON.parse(await say('dashboard', '--json'));
    expect(spend.byProject.map(({ projectId }: { projectId: string }) => projectId)).toEqual([
      'acme-merger',
    ]);
    const { rows } = await server.admin(
      `SELECT e::text FROM ${schema}.routing_events e UNION ALL SELECT c::text FROM ${schema}.model_calls c
       UNION ALL SELECT o::text FROM ${schema}.outcomes o UNION ALL SELECT l::text FROM ${schema}.live_runs l`,
    );
    expect(rows.length).toBeGreaterThan(5);
    expect(JSON.stringify(rows)).not.toMatch(/acme|first|second/);
  }, 60_000);
});
