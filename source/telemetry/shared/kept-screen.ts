import packageJson from '../../../package.json' with { type: 'json' };
import type { Insight } from '../../domain/insight.ts';
import { isRecord } from '../../domain/is-record.ts';
import type { ServerAddress } from '../address/server-address.ts';
import { keptFile } from './kept-file.ts';

const mostBytes = 16 * 1024 * 1024;

/** The numbers of a window that a server told last, and when, in Unix seconds. */
export type KeptScreen = { at: number; insight: Insight };

/** The last numbers of each window of a server, for a dashboard that is started while it is away. */
export function keptScreens(address: ServerAddress): {
  keep(days: number, screen: KeptScreen): void;
  of(days: number): KeptScreen | undefined;
} {
  const fileOf = (days: number) => keptFile(address, `screen-${days}`, mostBytes);
  return {
    keep: (days, screen) => fileOf(days).keep({ ...screen, version: packageJson.version }),
    of(days) {
      const kept = fileOf(days).read();
      return isKept(kept) ? kept : undefined;
    },
  };
}

/** Another version's may lack what this one shows. */
function isKept(value: unknown): value is KeptScreen {
  return (
    isRecord(value) &&
    value['version'] === packageJson.version &&
    typeof value['at'] === 'number' &&
    isRecord(value['insight']) &&
    Array.isArray(value['insight']['rankings']) &&
    typeof value['insight']['paceDays'] === 'number'
  );
}
