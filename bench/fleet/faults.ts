import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '../support/cluster.ts';
import { openTelemetryStore, waitingRecords } from '../../source/telemetry/index.ts';
import { openFaultyProxy } from '../support/faulty-proxy.ts';

const program = fileURLToPath(new URL('../support/recording-machine.ts', import.meta.url));

export type FaultsReport = {
  recorded: number;
  stored: number;
  doubled: number;
  deadlocks: number;
  faults: Record<string, number>;
  recordMicroseconds: number;
  /** How late the loop of the slowest machine was, and meanwhile one of a process that records nothing. */
  loopDelayMs: number;
  idleDelayMs: number;
  /** Processor time of a turn of a machine's loop, the longest but one in a hundred. */
  turnMs: number;
  /** Machines that were ended with kill -9, and records of theirs that had been safe and are not there. */
  killed: number;
  missing: number;
};

type Ended = {
  recorded: number;
  lost: number;
  recordMicroseconds: number;
  loopDelayMs: number;
  turnMs: number;
};

/** Starts a machine, see bench/support/recording-machine.ts. */
function machineOf(words: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [program, ...words], { env });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'exit').then((): Ended => JSON.parse(output));
  return { child, ended };
}

/** A life of a machine that is ended with kill -9, and how many of its records were safe by then. */
type Life = { prefix: string; safe: number };

/** A machine that starts and is killed, again and again, with one cache. */
async function killAgainAndAgain(
  path: string,
  environment: NodeJS.ProcessEnv,
  { perSecond, until }: { perSecond: number; until: AbortSignal },
): Promise<Life[]> {
  const lives: Life[] = [];
  while (!until.aborted) {
    const life: Life = { prefix: `k${lives.length}`, safe: 0 };
    const words = [program, path, life.prefix, String(perSecond), 'confirm'];
    const child = spawn(process.execPath, words, {
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit');
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const last = text.trimEnd().split('\n').at(-1);
      if (/^\d+$/.test(last ?? '')) life.safe = Number(last);
    });
    await wait(2000 + 700 * (lives.length % 3), undefined, { signal: until }).catch(
      () => undefined,
    );
    child.kill('SIGKILL');
    await ended;
    lives.push(life);
  }
  return lives;
}

/**
 * Machines record through proxies that break connections, while the server is killed and restarted. At the
 * end, when every machine has started once more, every record is there once.
 */
export async function surviveFaults(
  cluster: Cluster,
  schema: string,
  { machines, perSecond, seconds }: { machines: number; perSecond: number; seconds: number },
): Promise<FaultsReport> {
  const faults = { before: 0.03, after: 0.08, silent: 0.02, silentMs: 1500, refused: 0.25 };
  const caches = mkdtempSync(join(tmpdir(), 'orchestrator-fleet-'));
  const started = await Promise.all(
    Array.from({ length: machines }, async (_, index) => {
      const proxy = await openFaultyProxy(cluster.port, faults, index + 1);
      const path = cluster.url(schema).replace(`:${cluster.port}/`, `:${proxy.port}/`);
      const environment = { ...process.env, ORCHESTRATOR_CACHE_DIR: join(caches, String(index)) };
      const machine = machineOf([path, `m${index}`, String(perSecond)], environment);
      return { ...machine, proxy, path, environment };
    }),
  );
  const idle = machineOf([cluster.url(schema), 'idle', '0'], {
    ...process.env,
    ORCHESTRATOR_CACHE_DIR: join(caches, 'idle'),
  });
  const mortal = { ...process.env, ORCHESTRATOR_CACHE_DIR: join(caches, 'mortal') };
  const mortalProxy = await openFaultyProxy(cluster.port, faults, machines + 1);
  const mortalPath = cluster.url(schema).replace(`:${cluster.port}/`, `:${mortalProxy.port}/`);
  const ending = new AbortController();
  const killing = killAgainAndAgain(mortalPath, mortal, { perSecond, until: ending.signal });
  await wait((seconds * 1000) / 2);
  await cluster.kill();
  await wait(1500);
  await cluster.start();
  await wait((seconds * 1000) / 2);
  for (const { child } of [...started, idle]) child.kill('SIGTERM');
  const ends = await Promise.all(started.map(({ ended }) => ended));
  const { loopDelayMs: idleDelayMs } = await idle.ended;
  ending.abort();
  const lives = await killing;
  for (const { proxy } of started) proxy.heal();
  mortalProxy.heal();
  // The next start of each machine takes in what waits in its spool.
  for (const { path, environment } of started) await takeIn(path, environment);
  await takeIn(mortalPath, mortal);
  const survived = await survivors(cluster, schema, lives);
  const { rows } = await cluster.admin(
    `SELECT count(*)::integer AS stored, count(*)::integer - count(DISTINCT task_id)::integer AS doubled
     FROM ${schema}.routing_events WHERE task_id ~ '^m[0-9]'`,
  );
  const deadlocks = await cluster.admin(
    `SELECT coalesce(sum(deadlocks), 0)::integer AS count FROM pg_stat_database`,
  );
  const counts: Record<string, number> = {};
  for (const { proxy } of started) {
    for (const [name, count] of Object.entries(proxy.counts)) {
      counts[name] = (counts[name] ?? 0) + count;
    }
    await proxy.close();
  }
  await mortalProxy.close();
  rmSync(caches, { recursive: true, force: true });
  return {
    recorded: ends.reduce((sum, { recorded }) => sum + recorded, 0),
    stored: rows[0].stored,
    doubled: rows[0].doubled + survived.doubled,
    killed: lives.length,
    missing: survived.missing,
    deadlocks: deadlocks.rows[0].count,
    faults: counts,
    recordMicroseconds: Math.max(...ends.map((end) => end.recordMicroseconds)),
    loopDelayMs: Math.max(...ends.map((end) => end.loopDelayMs)),
    idleDelayMs,
    turnMs: Math.max(...ends.map((end) => end.turnMs)),
  };
}

/** What is there of the records of machines that were killed. */
async function survivors(
  cluster: Cluster,
  schema: string,
  lives: readonly Life[],
): Promise<{ missing: number; doubled: number }> {
  const found = { missing: 0, doubled: 0 };
  for (const { prefix, safe } of lives) {
    const { rows } = await cluster.admin(
      `SELECT count(*)::integer AS stored, count(DISTINCT task_id)::integer AS names,
         count(DISTINCT task_id) FILTER (WHERE split_part(task_id, '-', 2)::integer < ${safe})::integer AS safe
       FROM ${schema}.routing_events WHERE task_id LIKE '${prefix}-%'`,
    );
    found.missing += safe - rows[0].safe;
    found.doubled += rows[0].stored - rows[0].names;
  }
  return found;
}

async function takeIn(path: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const own = process.env['ORCHESTRATOR_CACHE_DIR'];
  process.env['ORCHESTRATOR_CACHE_DIR'] = environment['ORCHESTRATOR_CACHE_DIR'];
  try {
    const store = openTelemetryStore({ path, onNotice: () => undefined });
    for (let round = 0; round < 20 && waitingRecords(path).length > 0; round += 1) {
      await store.recordedTaskIds('nobody').catch(() => undefined);
      await wait(100);
    }
    await store.close();
  } finally {
    process.env['ORCHESTRATOR_CACHE_DIR'] = own;
  }
}
