import { describe, expect, it } from 'vitest';
import {
  digestOfServer,
  isServerAddress,
  passwordFor,
  problemOfPlace,
  readServerAddress,
  serverAddress,
} from '../../../source/telemetry/address/server-address.ts';

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
    ['postgres://db:0/x', 'port'],
    ['postgres://db:99999/x', 'no address'],
    ['postgres://db/x?port=0', 'port'],
    ['postgres://h1,h2/x', 'several servers'],
    ['postgres://db/x?host=h1,h2', 'several servers'],
    ['postgres://ci:%ZZsesame@db/x', '%25'],
    ['postgres://c%i@db/x', '%25'],
    ['postgres://db/sesame%', '%25'],
    ['postgres://ci%00database%00sesame@db/x', 'control characters'],
    ['postgres://ci@db/%1b[31msesame', 'control characters'],
    ['postgres://db/x?password=sesame', 'unknown parameter password'],
  ])('%s is refused in words that show none of it', (text, words) => {
    expect(problemOf(text)).toContain(words);
    expect(problemOf(text)).not.toContain('sesame');
  });

  it.each([
    ['postgres://ci@/x?host=/run/postgresql', { host: '/run/postgresql', user: 'ci', port: 5432 }],
    ['postgres://ci@/x?host=/run/pg&port=6000', { host: '/run/pg', port: 6000, isLocal: true }],
    ['postgres:///x?host=/run/pg', { host: '/run/pg', user: undefined, database: 'x' }],
    ['postgres://%2Frun%2Fpg/x', { host: '/run/pg', isLocal: true }],
    ['postgres://ci@[::1]:6000/x', { host: '::1', port: 6000, isLocal: true }],
    ['postgres://ci@[2001:db8::7]/x', { host: '2001:db8::7', isLocal: false, isVerified: true }],
    ['postgres://a%40b%2Fc%3A%C3%A9@db/d%20e%2F%3F', { user: 'a@b/c:é', database: 'd e/?' }],
    ['postgres://db', { database: 'orchestrator', host: 'db' }],
    ['postgres://db/x?ids=hashed', { areIdsHashed: true }],
    ['postgres://db/x?ids=plain', { areIdsHashed: false }],
  ])('is understood as others write it: %s', (text, wanted) => {
    expect(serverAddress(text)).toMatchObject(wanted);
  });

  it.each([
    ['mysql://ci:sesame@db/x', 'another kind'],
    ['file:///home/me/sesame.db', 'another kind'],
    ['postgres:/ci:sesame@db/x', 'no address'],
    ['postgresql:sesame', 'no address'],
    ['host=db user=ci password=sesame', 'keywords'],
  ])('is no file that merely looks like one: %s', (text, words) => {
    expect(problemOfPlace(text)).toContain(words);
    expect(problemOfPlace(text)).not.toContain('sesame');
  });

  it('leaves files what they are', () => {
    for (const file of ['telemetry.db', '/a/b.db', 'C:\\a\\b.db', '~/x', './host=1/x.db', 'a:b']) {
      expect(problemOfPlace(file)).toBeUndefined();
    }
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
