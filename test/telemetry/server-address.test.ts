import { describe, expect, it } from 'vitest';
import {
  digestOfServer,
  isServerAddress,
  passwordFor,
  readServerAddress,
  serverAddress,
} from '../../source/telemetry/server-address.ts';

const problemOf = (text: string): string => {
  const read = readServerAddress(text);
  return 'problem' in read ? read.problem : '';
};

describe('the address of a server', () => {
  it('is told from the path of a file', () => {
    expect(['postgres://db/x', 'postgresql://db', 'POSTGRES://db'].every(isServerAddress)).toBe(
      true,
    );
    expect(['postgres.db', './postgres:/x', 'sqlite://x', ''].some(isServerAddress)).toBe(false);
  });

  it('has no password in anything that is shown or kept', () => {
    const read = readServerAddress('postgresql://ci:s3cret%21@db.internal/orchestrator');
    expect(read).toMatchObject({
      password: 's3cret!',
      address: {
        url: 'postgres://ci@db.internal/orchestrator',
        label: 'postgres://ci@db.internal/orchestrator',
      },
    });
    expect(JSON.stringify('address' in read && read.address)).not.toContain('s3cret');
  });

  it('is checked by its certificate wherever it leaves this machine', () => {
    expect(serverAddress('postgres://db.internal/x')).toMatchObject({
      isVerified: true,
      port: 5432,
    });
    expect(serverAddress('postgres://127.0.0.1:6000/x')).toMatchObject({ isVerified: false });
    expect(serverAddress('postgres://localhost/x?sslmode=verify-full')).toMatchObject({
      isVerified: true,
    });
    expect(serverAddress('postgres:///x?host=/var/run/postgresql')).toMatchObject({
      host: '/var/run/postgresql',
      isVerified: false,
    });
    for (const mode of ['disable', 'allow', 'prefer', 'require', 'verify-ca']) {
      expect(problemOf(`postgres://db.internal/x?sslmode=${mode}`)).toContain('verify-full');
    }
  });

  it.each([
    ['postgres://', 'no server'],
    ['postgres:///x', 'no server'],
    ['postgres://db/x?schema=Drop%20Table', 'plain name'],
    ['postgres://db/x?sslkey=/etc/passwd', 'unknown parameter'],
    ['postgres://db:port/x', 'no address'],
  ])('%s is refused in words that show none of it', (text, words) => {
    expect(problemOf(text)).toContain(words);
  });

  it('names one place, whoever connects and however it is written', () => {
    const digests = ['postgres://a@db/x', 'postgresql://b@DB:5432/x?schema=orchestrator'].map(
      (text) => digestOfServer(serverAddress(text)),
    );
    expect(new Set(digests).size).toBe(1);
    expect(digestOfServer(serverAddress('postgres://a@db/x?schema=other'))).not.toBe(digests[0]);
  });

  it('finds the password that came with it in the environment, and no other', () => {
    const environment = { ORCHESTRATOR_DATABASE_URL: 'postgres://ci:pw@db/x' };
    expect(passwordFor(serverAddress('postgres://ci@db/x'), environment)).toBe('pw');
    expect(passwordFor(serverAddress('postgres://ci@other/x'), environment)).toBeUndefined();
    expect(passwordFor(serverAddress('postgres://ci@db/x'), {})).toBeUndefined();
  });
});
