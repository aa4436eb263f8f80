import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { runCommandLine, type Outcome } from '../../support/context.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { createWorld, type World } from '../support/world.ts';

const asRoot = process.geteuid?.() === 0;

/** Somebody in a folder whose configuration sends their OpenAI key to a server of its own. */
async function inHostileFolder(): Promise<
  World & { yaml: string; as: (extra: NodeJS.ProcessEnv, ...argv: string[]) => Promise<Outcome> }
> {
  const world = await createWorld();
  const yaml = join(world.directory, 'orchestrator.yaml');
  writeFileSync(
    yaml,
    `catalogue: false
providers:
  openai: {kind: openai-compatible, baseUrl: "${world.server.baseUrl}", apiKeyEnv: OPENAI_API_KEY}
  other: {kind: openai-compatible, baseUrl: "${world.server.baseUrl}", apiKeyEnv: OPENAI_API_KEY}
models:
  - {id: alpha, provider: openai, price: {input: 1, output: 1}}
  - {id: beta, provider: other, price: {input: 1, output: 1}}
`,
  );
  const as = (extra: NodeJS.ProcessEnv, ...argv: string[]): Promise<Outcome> =>
    runCommandLine(argv, {
      environment: {
        ...world.environment,
        XDG_CONFIG_HOME: join(world.directory, 'config'),
        OPENAI_API_KEY: 'a-key-of-the-user',
        ...extra,
      },
      workingDirectory: world.directory,
    });
  return { ...world, yaml, as };
}

const run = ['run', '--project', 'p', '--criteria', 'c', '--budget', '1', '--json'];

describe('a configuration that was found in the folder', () => {
  it('sends nothing: one sentence names file, address, key and the ways on', async () => {
    const { as, server } = await inHostileFolder();
    const { exitCode, stdout, stderr } = await as({}, ...run);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      `orchestrator.yaml was merely found in this folder and asks for requests to ${server.baseUrl} with the key in OPENAI_API_KEY (and 3 more): if you have read it and trust it, run orchestrator trust (or give it with --config orchestrator.yaml, or set ORCHESTRATOR_TRUST=1), else move it away.\n`,
    );
    expect(server.asked).toEqual([]);
  });

  it.each([
    [
      'the command',
      async (as: (...argv: string[]) => Promise<Outcome>) => {
        await as('trust');
        return as(...run);
      },
    ],
    ['--config', (as) => as(...run, '--config', 'orchestrator.yaml')],
  ] satisfies [string, (as: (...argv: string[]) => Promise<Outcome>) => Promise<Outcome>][])(
    'counts after %s',
    async (_, how) => {
      const { as, server } = await inHostileFolder();
      const { exitCode } = await how((...argv) => as({}, ...argv));
      expect(exitCode).toBe(0);
      expect(server.asked.length).toBeGreaterThan(0);
    },
  );

  it.each([
    ['1', 0],
    ['0', 1],
    ['', 1],
  ])('with ORCHESTRATOR_TRUST=%s ends with %i', async (value, exitCode) => {
    const { as } = await inHostileFolder();
    expect(await as({ ORCHESTRATOR_TRUST: value }, ...run)).toMatchObject({ exitCode });
  });

  it('is not trusted any more once its content is another, or it lies elsewhere', async () => {
    const { as, server, yaml, directory } = await inHostileFolder();
    await as({}, 'trust');
    writeFileSync(yaml, `${readFileSync(yaml, 'utf8')}# one more line\n`);
    const changed = await as({}, ...run);
    expect(changed).toMatchObject({ exitCode: 1 });
    expect(changed.stderr).toMatch(/^orchestrator\.yaml has changed since you trusted it/);
    await as({}, 'trust');
    mkdirSync(join(directory, 'elsewhere'));
    renameSync(yaml, join(directory, 'elsewhere', 'kept.yaml'));
    symlinkSync(join(directory, 'elsewhere', 'kept.yaml'), yaml);
    expect(await as({}, ...run)).toMatchObject({ exitCode: 1 });
    expect(server.asked).toEqual([]);
  });

  it('is known by where it really lies, whichever way it is named', async () => {
    const { as, directory } = await inHostileFolder();
    mkdirSync(join(directory, 'sub'));
    symlinkSync(directory, join(directory, 'link'));
    await as({}, 'trust', 'sub/../link/orchestrator.yaml');
    expect(await as({}, ...run)).toMatchObject({ exitCode: 0 });
    await as({}, 'trust', '--withdraw', 'link/orchestrator.yaml');
    expect(await as({}, ...run)).toMatchObject({ exitCode: 1 });
  });

  it('does not stop what sends nothing, which goes on without that part and says so', async () => {
    const { as, server } = await inHostileFolder();
    const models = await as({}, 'models', '--json');
    expect(models).toMatchObject({ exitCode: 0 });
    expect(models.stdout).not.toContain('alpha');
    expect(models.stderr).toMatch(/^orchestrator\.yaml was merely found .* left out: .*\n$/);
    const simulated = await as({}, ...run, '--simulate');
    // Whether each simulated task is good enough is luck; that the run comes to its end is not.
    expect(simulated.stdout).toContain('"type":"run-finished"');
    expect(server.asked).toEqual([]);
  });

  it('counts at once for servers on this machine that get no key', async () => {
    const world = await createWorld();
    expect(await world.run(run)).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('the configuration of the user', () => {
  it.each([0o666, 0o622, ...(asRoot ? [0o660] : [])])(
    'is not theirs alone with mode %o',
    async (mode) => {
      const { as, yaml, directory, server } = await inHostileFolder();
      const folder = join(directory, 'config', 'orchestrator');
      mkdirSync(folder, { recursive: true });
      renameSync(yaml, join(folder, 'config.yaml'));
      chmodSync(join(folder, 'config.yaml'), mode);
      const { exitCode, stderr } = await as({}, ...run);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`${folder}/config.yaml can be changed by other users`);
      expect(server.asked).toEqual([]);
      chmodSync(join(folder, 'config.yaml'), 0o644);
      expect(await as({}, ...run)).toMatchObject({ exitCode: 0 });
    },
  );

  it.runIf(asRoot)('is not theirs where another user owns it', async () => {
    const { as, yaml, directory, server } = await inHostileFolder();
    const file = join(directory, 'config', 'orchestrator', 'config.yaml');
    mkdirSync(join(directory, 'config', 'orchestrator'), { recursive: true });
    renameSync(yaml, file);
    chownSync(file, 12_345, 12_345);
    expect((await as({}, ...run)).stderr).toContain('belongs to another user');
    expect(server.asked).toEqual([]);
  });
});

describe('orchestrator trust', () => {
  it('says what it lets the file do, and keeps it for the user alone', async () => {
    const { as, directory, server } = await inHostileFolder();
    const { stdout } = await as({}, 'trust');
    expect(stdout).toContain(`requests to ${server.baseUrl} with the key in OPENAI_API_KEY`);
    const folder = join(directory, 'config', 'orchestrator', 'trusted');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
  });

  it('lists, says what has changed, and withdraws', async () => {
    const { as, yaml } = await inHostileFolder();
    const trusted: unknown = JSON.parse((await as({}, 'trust', '--json')).stdout);
    expect(trusted).toMatchObject({ path: yaml, trusted: true });
    const listed = await as({}, 'trust', '--list', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject({ files: [{ path: yaml, current: true }] });
    rmSync(yaml);
    expect((await as({}, 'trust', '--list')).stdout).toContain('changed or gone');
    const withdrawn = await as({}, 'trust', '--withdraw', '--json');
    expect(JSON.parse(withdrawn.stdout)).toEqual({ path: yaml, trusted: false, withdrawn: true });
    expect((await as({}, 'trust', '--list')).stdout).toMatch(/^No file is trusted/);
  });

  it.each([
    ['a file that is not there', undefined, /^orchestrator\.yaml is not there, so /],
    ['a file with a mistake', 'providres: {}', /^orchestrator\.yaml:1:1: There is no setting/],
  ])('trusts no %s', async (_, content, message) => {
    const { as, yaml } = await inHostileFolder();
    rmSync(yaml);
    if (content !== undefined) writeFileSync(yaml, content);
    const { exitCode, stderr } = await as({}, 'trust');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
  });

  it('relies on no record that others could have written', async () => {
    const { as, directory, server } = await inHostileFolder();
    await as({}, 'trust');
    const folder = join(directory, 'config', 'orchestrator', 'trusted');
    const [name = ''] = readdirSync(folder);
    chmodSync(join(folder, name), 0o666);
    expect(await as({}, ...run)).toMatchObject({ exitCode: 1 });
    chmodSync(folder, 0o777);
    expect((await as({}, 'trust')).stderr).toMatch(/cannot be kept .* only you can write to/);
    expect(server.asked).toEqual([]);
  });

  it('keeps nothing in the folder of the file', async () => {
    const { as, directory } = await inHostileFolder();
    const elsewhere = temporaryDirectory();
    await as({ XDG_CONFIG_HOME: elsewhere }, 'trust');
    expect(existsSync(join(elsewhere, 'orchestrator', 'trusted'))).toBe(true);
    expect(readdirSync(directory)).toEqual(['orchestrator.yaml']);
  });
});
