import { describe, expect, it } from 'vitest';
import { isThisMachine } from '../../source/domain/this-machine.ts';

const hostOf = (address: string): string => new URL(address).hostname;

describe('a host that can only mean this machine', () => {
  it.each([
    'http://localhost:1',
    'http://LOCALHOST',
    'http://127.0.0.1',
    'http://127.0.0.1.',
    'http://127.1',
    'http://0x7f000001',
    'http://2130706433',
    'http://127.255.0.3',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
  ])('is %s', (address) => {
    expect(isThisMachine(hostOf(address))).toBe(true);
  });

  it.each([
    // A resolver may ask the network for these.
    'http://localhost.',
    'http://it.localhost',
    'http://localhost.localdomain',
    'http://localhost.example.org',
    'http://127.0.0.1.example.org',
    'http://0.0.0.0',
    'http://[::]',
    'http://128.0.0.1',
    'http://[::ffff:10.0.0.1]',
    'http://[fe80::1]',
  ])('is not %s', (address) => {
    expect(isThisMachine(hostOf(address))).toBe(false);
  });
});
