import Database from 'better-sqlite3';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { buildBundles } from '../scripts/bundle.ts';
import { seededRandom } from '../source/domain/runtime.ts';
import { builtInTaskTypes } from '../source/domain/task-type.ts';
import { upgrade } from '../source/telemetry/database/schema.ts';
import { type Figure, figure, inTemporary, median } from './store/measure.ts';
import { models } from './support/history.ts';

/**
 * The figures of import: `npm run bench -- import [RECORDS] [--json]`. The built program takes in lines of
 * our own, against the same rows and names inserted raw, in batches, by one thread in the same minute.
 */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<void> {
  const records = Number(args[0] ?? 1_000_000);
  const figures = await inTemporary(async (directory) => {
    await buildBundles();
    const file = join(directory, 'records.jsonl');
    writeRecords(file, records);
    const rounds = args.includes('--quick') ? 1 : 3;
    const ratios: number[] = [];
    const ofProcessor: number[] = [];
    const seconds: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const raw = insertRaw(join(directory, `raw-${round}.db`), records);
      const imported = importFile(file, join(directory, `imported-${round}.db`));
      ratios.push(raw.seconds / imported.seconds);
      ofProcessor.push(raw.processorSeconds / imported.processorSeconds);
      seconds.push(imported.seconds);
    }
    const again = importFile(file, join(directory, 'imported-0.db'));
    const explained = explain(join(directory, 'imported-0.db'));
    return [
      figure('import against raw batched inserts', median(ratios), { least: 0.7, unit: ' ×' }),
      figure('the same in processor time', median(ofProcessor), { least: 0.7, unit: ' ×' }),
      figure('records per second', records / median(seconds), { least: 0, digits: 0 }),
      figure('memory at its highest', importFile(file, join(directory, 'memory.db')).megabytes, {
        most: 400,
        unit: ' MB',
        digits: 0,
      }),
      figure('records that the second import adds', again.added, { most: 0, digits: 0 }),
      figure('rows after two imports', rowsIn(join(directory, 'imported-0.db')) - records, {
        most: 0,
        least: 0,
        digits: 0,
      }),
      figure('calls that explain knows of one task type', explained, { least: 1, digits: 0 }),
    ] satisfies Figure[];
  });
  if (json) {
    console.log(JSON.stringify({ bench: 'import', figures }));
    return;
  }
  console.table(figures.map(({ met, ...rest }) => ({ ...rest, met: met ? 'yes' : 'NO' })));
}

type Line = [
  project: string,
  task: string,
  type: string,
  model: string,
  reviewer: string,
  score: number,
  cost: number,
  iterations: number,
  at: number,
  id: string,
];

/** The same lines for the file and for the raw inserts: a quarter of a year of runs. */
function* lines(records: number): Generator<Line> {
  const random = seededRandom(1);
  const end = Math.floor(Date.now() / 1000 / 86_400) * 86_400;
  const pick = (items: readonly string[]): string =>
    items[Math.floor(random() * items.length)] ?? '';
  for (let index = 0; index < records; index += 1) {
    yield [
      `run-${Math.floor(index / 100)}`,
      `task_${index % 100}`,
      pick(builtInTaskTypes),
      pick(models),
      pick(models),
      0.5 + random() * 0.5,
      random() * 0.02,
      1 + Math.floor(random() * 3),
      end - 90 * 86_400 * (1 - index / records),
      `r-${Math.floor(random() * 2 ** 32).toString(36)}-${index.toString(36)}`,
    ];
  }
}

function writeRecords(file: string, records: number): void {
  const descriptor = openSync(file, 'w');
  let text = '';
  for (const [
    projectId,
    taskId,
    taskType,
    model,
    reviewer,
    score,
    costUsd,
    iterations,
    at,
    sourceId,
  ] of lines(records)) {
    const line = {
      projectId,
      taskId,
      taskType,
      model,
      reviewer,
      score,
      costUsd,
      iterations,
      deterministicPassed: true,
      at,
      sourceId,
    };
    text += `${JSON.stringify(line)}\n`;
    if (text.length < 1_000_000) continue;
    writeSync(descriptor, text);
    text = '';
  }
  writeSync(descriptor, text);
  closeSync(descriptor);
}

type Taken = { seconds: number; processorSeconds: number };

function insertRaw(path: string, records: number): Taken {
  const rows = [...lines(records)];
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  upgrade(database);
  const event = database.prepare(
    `INSERT INTO routing_events (project_id, task_id, task_type, model_chosen, reviewer, score,
       cost_usd, iterations, det_passed, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const name = database.prepare('INSERT INTO imported (source, source_id) VALUES (?, ?)');
  const start = performance.now();
  const before = process.cpuUsage();
  for (let from = 0; from < rows.length; from += 5000) {
    database.transaction(() => {
      for (const [
        project,
        task,
        type,
        model,
        reviewer,
        score,
        cost,
        iterations,
        at,
        id,
      ] of rows.slice(from, from + 5000)) {
        event.run(project, task, type, model, reviewer, score, cost, iterations, 1, at);
        name.run('own', id);
      }
    })();
  }
  // Whatever is still in the log belongs to the work.
  database.close();
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - start) / 1000;
  return { seconds, processorSeconds: (user + system) / 1e6 };
}

function importFile(file: string, path: string): Taken & { added: number; megabytes: number } {
  const start = performance.now();
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['-e', childCode, join(import.meta.dirname, '../dist/cli.js'), file, path],
    { encoding: 'utf8', env: { ...process.env, ORCHESTRATOR_CACHE_DIR: `${path}.cache` } },
  );
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`import failed: ${stdout}${stderr}`);
  const numberIn = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1]);
  return {
    seconds,
    added: numberIn(/"imported":(\d+)/),
    megabytes: numberIn(/memory=(\d+)/) / 1024,
    processorSeconds: numberIn(/processor=(\d+)/) / 1e6,
  };
}

/** The program, and at its end what it took. */
const childCode = `
  const [entry, file, db] = process.argv.slice(1);
  process.argv = [process.execPath, entry, 'import', file, '--db', db, '--json'];
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    require('fs').writeSync(1, 'memory=' + maxRSS + ' processor=' + (userCPUTime + systemCPUTime) + '\\n');
  });
  import(require('url').pathToFileURL(entry));
`;

function rowsIn(path: string): number {
  const database = new Database(path, { readonly: true });
  const rows = Number(database.prepare('SELECT count(*) FROM routing_events').pluck().get());
  database.close();
  return rows;
}

function explain(path: string): number {
  const { stdout } = spawnSync(
    process.execPath,
    [
      join(import.meta.dirname, '../dist/cli.js'),
      'explain',
      'summarization',
      '--db',
      path,
      '--json',
    ],
    {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ORCHESTRATOR_CACHE_DIR: `${path}.cache` },
    },
  );
  return [...stdout.matchAll(/"callCount":(\d+)/g)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
}
