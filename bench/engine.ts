import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { ModelClient } from '../source/domain/model-api.ts';
import type { RunEvent } from '../source/domain/run-event.ts';
import { seededRandom } from '../source/domain/runtime.ts';
import { openJournal, runProject } from '../source/engine/index.ts';
import { buildChild, startChild } from './engine/children.ts';
import { baseOptions, connect, independentTasks } from './engine/project.ts';
import { startBenchServer, type ServerOptions } from './engine/server.ts';

type Figure = { what: string; asked: string; measured: string; met: boolean; values: object };

/** Starts the server on a thread of its own. */
async function threadedServer(options: ServerOptions) {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL('./engine/server-thread.ts', import.meta.url), {
    workerData: { options, port: port2 },
    transferList: [port2],
  });
  const baseUrl = await new Promise<string>((resolve, reject) => {
    port1.once('message', resolve);
    worker.once('error', reject);
  });
  port1.close();
  return { baseUrl, close: () => worker.terminate() };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

async function inTemporary<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'orchestrator-bench-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * What the engine adds per call: the time from one answer (of the client) to the next request, one task
 * at a time, journal included. The baseline is bare `fetch` of the same bodies on the same server.
 */
async function overhead(tasks: number): Promise<Figure> {
  const server = await threadedServer({ latencyMs: 0, outputBytes: 2000 });
  const connection = await connect(server.baseUrl);
  const gaps: number[] = [];
  const bodies: string[] = [];
  let idleSince = 0;
  let inFlight = 0;
  const client: ModelClient = {
    async generate(request) {
      const { model, system, prompt, maxOutputTokens } = request;
      if (inFlight === 0 && idleSince > 0) gaps.push(performance.now() - idleSince);
      inFlight += 1;
      const messages = [
        { role: 'system', content: system },
        { role: 'user', content: prompt },
      ];
      bodies.push(JSON.stringify({ model, messages, max_tokens: maxOutputTokens }));
      try {
        return await connection.client.generate(request);
      } finally {
        inFlight -= 1;
        idleSince = performance.now();
      }
    },
  };
  await inTemporary(async (directory) => {
    const journal = openJournal({ directory, projectId: 'bench' });
    await runProject({
      ...baseOptions({ ...connection, client }),
      tasks: independentTasks(tasks),
      emit: journal.append,
    });
    journal.close();
  });
  const bare: number[] = [];
  for (const body of bodies) {
    const start = performance.now();
    const response = await fetch(`${server.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    await response.json();
    bare.push(performance.now() - start);
  }
  await server.close();
  const [p50, p99] = [quantile(gaps, 0.5), quantile(gaps, 0.99)];
  const fetchP50 = quantile(bare, 0.5);
  return {
    what: `engine time per call, ${tasks} tasks (bare fetch p50 ${fetchP50.toFixed(2)} ms)`,
    asked: 'p50 ≤ 0.5 ms, p99 ≤ 5 ms',
    measured: `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms (${(p50 / fetchP50).toFixed(2)} × fetch)`,
    met: p50 <= 0.5 && p99 <= 5,
    values: { p50, p99, fetchP50, fetchP99: quantile(bare, 0.99), calls: bodies.length },
  };
}

/** 200 tasks of three calls one after the other (answer, critique, judgements side by side). */
async function schedule(): Promise<Figure> {
  const latencyMs = 100;
  const server = await threadedServer({ latencyMs, outputBytes: 2000 });
  const connection = await connect(server.baseUrl);
  // Loads the adapters and opens the connections.
  await runProject({
    ...baseOptions(connection),
    tasks: independentTasks(50),
    concurrency: 50,
    emit: () => {},
  });
  const start = performance.now();
  await runProject({
    ...baseOptions(connection),
    tasks: independentTasks(200),
    concurrency: 50,
    emit: () => {},
  });
  const measured = performance.now() - start;
  const bare = await bareSchedule(server.baseUrl);
  await server.close();
  const ideal = (200 / 50) * 3 * latencyMs;
  const times = (ms: number): string => `${(ms / ideal).toFixed(2)} ×`;
  return {
    what: `200 tasks, 50 at once, 100 ms per call (bare fetch takes ${times(bare)} ideal)`,
    asked: '≤ 1.25 × ideal',
    measured: `${times(measured)} ideal, ${(measured / bare).toFixed(2)} × bare fetch`,
    met: measured / ideal <= 1.25,
    values: { measuredMs: measured, idealMs: ideal, bareMs: bare },
  };
}

/** The same calls in the same order by nothing but `fetch`: what this machine can do at best now. */
async function bareSchedule(baseUrl: string): Promise<number> {
  const body = JSON.stringify({
    model: 'alpha',
    messages: [{ role: 'user', content: 'x'.repeat(3000) }],
  });
  const ask = async (): Promise<void> => {
    const response = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', body });
    await response.json();
  };
  let left = 200;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await ask();
      await ask();
      await Promise.all([ask(), ask()]);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: 50 }, work));
  return performance.now() - start;
}

const states = new Set(['success', 'partial', 'budget-exhausted', 'timeout', 'failed']);

/** One seeded run against a server full of faults; what is wrong with how it ended. */
async function chaosRun(
  connection: Awaited<ReturnType<typeof connect>>,
  seed: number,
): Promise<{ overshootUsd: number; problem?: string; status: string }> {
  const random = seededRandom(seed);
  const budgetUsd = random() < 0.5 ? 0.002 + random() * 0.02 : 1;
  const stop = new AbortController();
  const stopAfter = random() < 0.1 ? Math.floor(random() * 20) : Number.POSITIVE_INFINITY;
  const events: RunEvent[] = [];
  let highest = 0;
  let spent = 0;
  const outcome = await runProject({
    ...baseOptions(connection, seed),
    projectId: `chaos-${seed}`,
    budgetUsd,
    timeLimitSeconds: random() < 0.1 ? 0.1 : 20,
    concurrency: 1 + Math.floor(random() * 6),
    ...(random() < 0.5 ? {} : { tasks: independentTasks(5) }),
    signal: stop.signal,
    emit: (event) => {
      events.push(event);
      if (event.type === 'call-finished') spent += event.costUsd;
      highest = Math.max(highest, spent);
      if (events.length >= stopAfter) stop.abort();
    },
    tuning: {
      callTimeoutMs: 150,
      backoffBaseMs: 2,
      backoffCapMs: 20,
      breakerCooldownMs: 50,
      maxRetryAfterMs: 100,
      graceMs: 50,
    },
  });
  const problem = whatIsWrong(events, outcome, spent);
  return {
    overshootUsd: Math.max(0, highest - budgetUsd - 1e-9),
    status: outcome.status,
    ...(problem === undefined ? {} : { problem }),
  };
}

function whatIsWrong(
  events: readonly RunEvent[],
  outcome: Awaited<ReturnType<typeof runProject>>,
  spent: number,
): string | undefined {
  const count = (type: RunEvent['type']): number =>
    events.filter((event) => event.type === type).length;
  if (!states.has(outcome.status)) return `status ${outcome.status}`;
  if (count('run-finished') !== 1 || events.at(-1)?.type !== 'run-finished') return 'no end';
  if (Math.abs(outcome.spentUsd - spent) > 1e-9) return 'spend does not add up';
  if (count('task-finished') !== outcome.results.length) return 'tasks are missing';
  const attempts = outcome.snapshots.reduce((sum, { profile }) => sum + profile.callCount, 0);
  if (attempts !== count('attempt-finished')) return 'attempts are missing';
  return undefined;
}

async function chaos(runs: number): Promise<Figure[]> {
  const server = await threadedServer({ latencyMs: 1, outputBytes: 400, chaos: 7 });
  const connection = await connect(server.baseUrl);
  const ends: Awaited<ReturnType<typeof chaosRun>>[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let seed = next++; seed < runs; seed = next++) ends.push(await chaosRun(connection, seed));
  };
  await Promise.all(Array.from({ length: 16 }, work));
  await server.close();
  const overshoot = ends.reduce((sum, { overshootUsd }) => sum + overshootUsd, 0);
  const problems = ends.flatMap(({ problem }) => problem ?? []);
  const byStatus = Object.groupBy(ends, ({ status }) => status);
  const statuses = Object.fromEntries(
    Object.entries(byStatus).map(([status, list]) => [status, list?.length ?? 0]),
  );
  return [
    {
      what: `budget overshoot over ${runs} seeded chaos runs`,
      asked: '0',
      measured: `$${overshoot.toFixed(6)}`,
      met: overshoot === 0,
      values: { overshootUsd: overshoot },
    },
    {
      what: `chaos runs that end in a defined state, telemetry complete`,
      asked: String(runs),
      measured: `${ends.length - problems.length} ${JSON.stringify(statuses)}`,
      met: problems.length === 0 && ends.length === runs,
      values: { statuses, problems },
    },
  ];
}

/** Kills a run with SIGKILL at a random call, resumes it, and compares with an undisturbed one. */
async function kills(rounds: number): Promise<Figure> {
  const script = await buildChild();
  const random = seededRandom(3);
  const [tasks, concurrency] = [12, 4];
  const callsPerTask = 4;
  let same = 0;
  let paidTwice = 0;
  for (let round = 0; round < rounds; round += 1) {
    await inTemporary(async (directory) => {
      const server = await startBenchServer({ latencyMs: 3, outputBytes: 500 });
      const args = [server.baseUrl, directory, String(tasks), String(concurrency)];
      const killAt = 1 + Math.floor(random() * tasks * callsPerTask);
      const delay = random() * 4;
      const first = startChild(script, args);
      server.onRequest = (total) => {
        if (total === killAt) setTimeout(first.kill, delay);
      };
      await first.ended;
      server.onRequest = () => {};
      const outcome = await startChild(script, [...args, 'resume']).ended;
      await server.close();
      const total = [...server.asked.values()].reduce((sum, count) => sum + count, 0);
      // Each of the tasks at once has at most two calls in flight: its judgements.
      const repeated = total - tasks * callsPerTask;
      if (repeated > concurrency * 2) paidTwice += 1;
      if (
        outcome?.status === 'success' &&
        new Set(outcome.taskIds).size === tasks &&
        outcome.taskIds.length === tasks &&
        outcome.attempts === tasks
      ) {
        same += 1;
      }
    });
  }
  return {
    what: `kill -9 at ${rounds} random moments, then resume`,
    asked: 'same results, nothing paid twice beyond what was in flight',
    measured: `${same} of ${rounds} the same, ${paidTwice} paid twice`,
    met: same === rounds && paidTwice === 0,
    values: { rounds, same, paidTwice },
  };
}

async function memory(): Promise<Figure> {
  const script = await buildChild();
  const server = await threadedServer({ latencyMs: 0, outputBytes: 20_000 });
  const outcome = await inTemporary(
    (directory) => startChild(script, [server.baseUrl, directory, '1000', '8']).ended,
  );
  await server.close();
  const megabytes = outcome?.maxRssMb ?? Number.POSITIVE_INFINITY;
  return {
    what: 'resident memory, 1,000 tasks of 20 KB output',
    asked: '≤ 250 MB',
    measured: `${Math.round(megabytes)} MB (${outcome?.taskIds.length ?? 0} tasks)`,
    met: megabytes <= 250,
    values: { maxRssMb: megabytes },
  };
}

/**
 * `npm run bench -- engine [--json] [overhead|schedule|chaos|kills|memory …] [--chaos-runs N]
 * [--kills N] [--tasks N]`
 */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<void> {
  const number = (flag: string, usual: number): number => {
    const place = args.indexOf(flag);
    return place === -1 ? usual : Number(args[place + 1]);
  };
  const parts: Record<string, () => Promise<Figure | Figure[]>> = {
    overhead: () => overhead(number('--tasks', 1000)),
    schedule,
    chaos: () => chaos(number('--chaos-runs', 1000)),
    kills: () => kills(number('--kills', 50)),
    memory,
  };
  const named = Object.keys(parts).filter((name) => args.includes(name));
  const figures: Figure[] = [];
  for (const name of named.length > 0 ? named : Object.keys(parts)) {
    const made = [await parts[name]?.()].flat().filter((figure) => figure !== undefined);
    figures.push(...made);
    if (!json) {
      for (const { what, asked, measured, met } of made) {
        console.log(`${met ? '✓' : '✗'} ${what}\n    asked ${asked}; measured ${measured}`);
      }
    }
  }
  if (json) console.log(JSON.stringify({ bench: 'engine', figures }));
}
