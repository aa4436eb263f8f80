import Database from 'better-sqlite3';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { openInsightReader, openTelemetryStore } from '../source/telemetry/index.ts';
import { sqliteEngine } from '../source/telemetry/sqlite/engine.ts';
import { inTemporary } from './store/measure.ts';
import { countIn, lookWhileWriting, summingUp } from './support/looks.ts';
import { startWriting } from './support/processes.ts';

/**
 * The faults of `test/telemetry/faults.test.ts` in their long form: `node bench/soak.ts [kills]
 * [seconds]`; 100 kills, and 60 seconds of eight writers and two dashboards, unless told otherwise.
 * Prints one line per fault and ends with 1 if a promise was broken.
 */
const [kills = 100, seconds = 60] = process.argv.slice(2).map(Number);

type Verdict = { what: string; held: boolean; detail: string };

const tasksIn = (path: string): string[] => {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare<[], string>('SELECT task_id FROM routing_events').pluck().all();
  } finally {
    database.close();
  }
};

const isWhole = (path: string): boolean => {
  const database = new Database(path, { readonly: true });
  try {
    return database.pragma('integrity_check', { simple: true }) === 'ok';
  } finally {
    database.close();
  }
};

const tidyUp = (path: string): Promise<void> => openTelemetryStore({ path }).close();

/** Tasks 0 … count − 1 of a prefix that are not there. */
function missingOf(stored: ReadonlySet<string>, prefix: string, count: number): number {
  let missing = 0;
  for (let task = 0; task < count; task += 1) if (!stored.has(`${prefix}-${task}`)) missing += 1;
  return missing;
}

async function killed(directory: string): Promise<Verdict> {
  const path = join(directory, 'killed.db');
  const acknowledged = new Map<string, number>();
  for (let round = 0; round < kills; round += 1) {
    const prefix = `r${round}`;
    const writing = startWriting({ path, prefix, batches: 100_000, perBatch: 7 });
    await writing.reached(1);
    await pause(Math.random() * 400);
    writing.child.kill('SIGKILL');
    await writing.ended;
    acknowledged.set(prefix, writing.acknowledged());
  }
  await tidyUp(path);
  const tasks = tasksIn(path);
  const stored = new Set(tasks);
  const missing = [...acknowledged].reduce(
    (sum, [prefix, count]) => sum + missingOf(stored, prefix, count),
    0,
  );
  const doubled = tasks.length - stored.size;
  return {
    what: `${kills} kills under load`,
    held: missing === 0 && doubled === 0 && isWhole(path),
    detail: `${tasks.length} rows, ${missing} missing, ${doubled} doubled`,
  };
}

async function crowded(directory: string): Promise<Verdict> {
  const path = join(directory, 'crowded.db');
  const perSecond = 40;
  const writings = Array.from({ length: 8 }, (_, index) =>
    startWriting({ path, prefix: `w${index}`, batches: seconds * perSecond, perBatch: 20 }),
  );
  const readers = [openInsightReader({ path }), openInsightReader({ path })];
  const troubles = new Set<string>();
  let reads = 0;
  const watching = setInterval(() => {
    for (const reader of readers) {
      if (!reader.changed()) continue;
      reads += 1;
      const { status } = reader.read(30);
      if (status !== 'ready' && status !== 'empty' && status !== 'missing') troubles.add(status);
    }
  }, 50);
  const ends = await Promise.all(writings.map(({ ended }) => ended));
  clearInterval(watching);
  for (const reader of readers) reader.close();
  await tidyUp(path);
  for (const { code, errors } of ends) {
    if (code !== 0) troubles.add(`exit code ${code}`);
    if (errors !== '') troubles.add(errors.trim());
  }
  const tasks = tasksIn(path);
  const expected = writings.length * seconds * perSecond * 20;
  return {
    what: '8 writers and 2 dashboards',
    held: tasks.length === expected && new Set(tasks).size === expected && troubles.size === 0,
    detail: `${tasks.length} of ${expected} rows, ${reads} reads, troubles: ${[...troubles].join('; ') || 'none'}`,
  };
}

async function locked(directory: string): Promise<Verdict> {
  const path = join(directory, 'locked.db');
  await tidyUp(path);
  const lock = new Database(path);
  lock.exec('CREATE TABLE held (x); BEGIN EXCLUSIVE');
  const notices: string[] = [];
  const store = openTelemetryStore({ path, onNotice: (notice) => notices.push(notice) });
  const end = Date.now() + Math.min(30, seconds) * 1000;
  let task = 0;
  while (Date.now() < end) {
    store.recordRoutingEvent('p', `locked-${task}`, {
      taskType: 'evaluation',
      model: 'm',
      score: 0.5,
      costUsd: 0,
      iterations: 1,
      deterministicPassed: true,
    });
    task += 1;
    await pause(5);
  }
  await store.flush();
  const waiting = store.stats().spooled;
  lock.exec('COMMIT');
  lock.close();
  await store.close();
  await tidyUp(path);
  const tasks = tasksIn(path);
  return {
    what: 'an exclusive lock',
    held: tasks.length === task && new Set(tasks).size === task && notices.length === 1,
    detail: `${waiting} records waited, ${tasks.length} of ${task} written, ${notices.length} notice`,
  };
}

async function looked(directory: string): Promise<Verdict> {
  const path = join(directory, 'looked.db');
  const sums = summingUp(path);
  const open = () => sqliteEngine(path, { busyTimeoutMs: 2000 });
  const countFrom = countIn(path);
  const { looks, wrong, rows } = await lookWhileWriting(
    path,
    { open, sumUp: sums.step, countFrom },
    1000,
  );
  sums.close();
  return {
    what: '1,000 looks beside 4 writers',
    held: looks === 1000 && wrong.length === 0,
    detail: `${rows} rows, ${wrong.length} wrong ${wrong[0] ?? ''}`,
  };
}

const verdicts = await inTemporary(async (directory) => [
  await killed(directory),
  await crowded(directory),
  await locked(directory),
  await looked(directory),
]);
console.table(verdicts);
if (verdicts.some(({ held }) => !held)) process.exitCode = 1;
