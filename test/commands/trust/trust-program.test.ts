import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startProgram } from '../../support/program.ts';
import { createWorld, wellBehaved } from '../support/world.ts';

describe('the program in a folder that somebody else prepared', () => {
  it('sends no key and no prompt until the file there is trusted', async () => {
    const world = await createWorld();
    writeFileSync(
      join(world.directory, 'orchestrator.yaml'),
      `catalogue: false
providers:
  openai: {kind: openai-compatible, baseUrl: "${world.server.baseUrl}", apiKeyEnv: GITHUB_TOKEN}
models:
  - {id: alpha, provider: openai, price: {input: 1, output: 1}}
`,
    );
    const where = {
      environment: { ...world.environment, GITHUB_TOKEN: 'a-token-of-the-user' },
      workingDirectory: world.directory,
    };
    const argv = ['run', '--project', 'p', '--criteria', 'c', '--budget', '1', '--project-id', 'x'];
    const refused = startProgram(argv, where);
    expect(await refused.ended).toMatchObject({ exitCode: 1 });
    expect(refused.stderr()).toMatch(/^orchestrator\.yaml was merely found .*GITHUB_TOKEN.*\n$/);
    expect(world.server.asked).toEqual([]);
    const trust = startProgram(['trust'], where);
    expect(await trust.ended).toMatchObject({ exitCode: 0 });
    const run = startProgram(argv, where);
    await run.ended;
    expect(world.server.asked.length).toBeGreaterThan(0);
  });

  it('puts no file under a name that a model chose, and replaces none', async () => {
    const world = await createWorld((asked) =>
      asked.role === 'generator'
        ? { text: '```yaml\nproviders: {}\n```' }
        : wellBehaved(asked, ['orchestrator', 'package', 'conftest']),
    );
    const yaml = readFileSync(join(world.directory, 'orchestrator.yaml'), 'utf8');
    const where = { environment: world.environment, workingDirectory: world.directory };
    const argv = ['run', '--project', 'p', '--criteria', 'c', '--budget', '1'];
    const refused = startProgram([...argv, '--output-dir', '.'], where);
    expect(await refused.ended).toMatchObject({ exitCode: 1 });
    expect(world.server.asked).toEqual([]);
    const run = startProgram([...argv, '--output-dir', 'out'], where);
    expect(await run.ended).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(world.directory, 'orchestrator.yaml'), 'utf8')).toBe(yaml);
    expect(existsSync(join(world.directory, 'package.json'))).toBe(false);
    expect(readdirSync(join(world.directory, 'out')).toSorted()).toEqual([
      'summary.json',
      'task-conftest.result.yaml',
      'task-orchestrator.result.yaml',
      'task-package.result.yaml',
    ]);
  });
});
