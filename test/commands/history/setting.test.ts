import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTelemetryStore } from '../../../source/telemetry/index.ts';
import { runCommandLine } from '../../support/context.ts';
import { isWithoutServer, serverHistory } from '../../support/postgres.ts';
import { result, temporaryDirectory } from '../../telemetry/support.ts';

const folderWith = (history: string): string => {
  const folder = temporaryDirectory();
  writeFileSync(join(folder, 'orchestrator.yaml'), `history: ${history}\n`);
  return folder;
};

describe('where the history is', () => {
  it.skipIf(isWithoutServer)(
    'is what the configuration says, unless a flag says otherwise',
    async () => {
      const { path } = await serverHistory();
      const store = openTelemetryStore({ path });
      store.recordRoutingEvent('p', 't', result());
      await store.close();
      const workingDirectory = folderWith(path);
      const environment = { ORCHESTRATOR_CACHE_DIR: temporaryDirectory() };
      const look = async (...flags: string[]) => {
        const words = ['dashboard', '--json', ...flags];
        return runCommandLine(words, { environment, workingDirectory });
      };
      expect(JSON.parse((await look()).stdout)).toMatchObject({ summary: { runs: 1 } });
      const other = await look('--db', join(workingDirectory, 'other.db'));
      expect(other.stderr).toContain('other.db');
    },
  );

  it.each([
    ['{url: "postgres://ci:s3cret@127.0.0.1/x", hashIds: true}', 'PGPASSWORD'],
    ['{url: "postgres://127.0.0.1/x", hashIds: perhaps}', 'hashIds'],
    ['{url: "postgres://127.0.0.1/x", hashid: true}', '"hashid"'],
    ['{hashIds: true}', 'url'],
    ['"postgres://127.0.0.1/x?ids=no"', 'ids=hashed'],
    ['7', 'postgres://user@host/database'],
  ])('has to be said in words that are known: %s', async (history, wanted) => {
    const { exitCode, stderr } = await runCommandLine(['explain', 'evaluation'], {
      environment: { ORCHESTRATOR_CACHE_DIR: temporaryDirectory() },
      workingDirectory: folderWith(history),
    });
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(wanted);
    expect(stderr).not.toContain('s3cret');
  });

  it('is left out of a file that was merely found, and said so', async () => {
    const workingDirectory = folderWith('postgres://db.example/x');
    const environment = { ORCHESTRATOR_CACHE_DIR: temporaryDirectory() };
    const { stderr } = await runCommandLine(['dashboard', '--json'], {
      environment,
      workingDirectory,
    });
    expect(stderr).toContain('a history in postgres://db.example/x is left out');
    expect(stderr).toContain('telemetry.db');
  });

  it('is never taken from a command line with a password, which others can see', async () => {
    const words = ['dashboard', '--json', '--db', 'postgres://ci:s3cret@db.example/x'];
    const { exitCode, stderr } = await runCommandLine(words, { environment: {} });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('PGPASSWORD');
    expect(stderr).not.toContain('s3cret');
  });

  it('is never taken from a file with a password, which no message shows', async () => {
    const workingDirectory = folderWith('postgres://ci:s3cret@127.0.0.1/x');
    const { exitCode, stderr } = await runCommandLine(['explain', 'evaluation'], {
      environment: { ORCHESTRATOR_CACHE_DIR: temporaryDirectory() },
      workingDirectory,
    });
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('without a password');
    expect(stderr).not.toContain('s3cret');
  });
});
