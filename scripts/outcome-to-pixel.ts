/**
 * Counts the source files that one outcome passes from the engine's `task-finished` until it is a number in
 * the rankings: `npm run way [-- CHECKOUT]`, of this checkout or of another one. Takes some minutes.
 *
 * A file is on the way if both hold:
 * - it works on every outcome: some function of it runs again for each further one that is recorded, read
 *   and drawn (what only opens files or makes tables runs once), or only the sums of closed days need it;
 * - without it the number does not arrive: with its exported functions doing nothing, the rankings do not
 *   show it (they do without advice, leaders, spend, colours).
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { copyProgram, idled, translate } from './outcome-to-pixel/program.ts';

type Way = 'rows' | 'sums';

/** Runs at a time. */
const lanes = 3;
/** After this the number does not arrive any more, in milliseconds. */
const longestMs = 60_000;
/** Further outcomes, by which it is seen what runs for each of them. */
const further = 20;

/** By the names of files, and where each function of theirs begins: how often it was called. */
export type Calls = Map<string, Map<number, number>>;

/** The program of a checkout that shows one outcome, with or without one of its files. */
export type Tracer = {
  calls(way: Way, outcomes: number): Promise<Calls>;
  /** Those files, of those given, without which the number does not arrive. */
  needed(way: Way, files: Iterable<string>): Promise<Set<string>>;
  close(): void;
};

export function openTracer(checkout: string): Tracer {
  const folder = mkdtempSync(join(tmpdir(), 'outcome-to-pixel-'));
  translate(checkout, folder);
  let runs = 0;

  const show = async (where: string, way: Way, outcomes: number, coverage?: string) => {
    const home = join(folder, `home-${(runs += 1)}`);
    mkdirSync(home);
    const child = spawn(process.execPath, ['show-outcome.js', way, String(outcomes), home], {
      cwd: where,
      stdio: 'ignore',
      env: {
        PATH: process.env['PATH'],
        TZ: 'UTC',
        NODE_ENV: 'production',
        ORCHESTRATOR_CACHE_DIR: home,
        ...(coverage === undefined ? {} : { NODE_V8_COVERAGE: coverage }),
      },
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), longestMs);
    const code = await new Promise<number | null>((done) => child.once('exit', done));
    clearTimeout(timer);
    rmSync(home, { recursive: true, force: true });
    return code === 0;
  };

  return {
    async calls(way, outcomes) {
      const coverage = join(folder, `coverage-${way}-${outcomes}`);
      if (!(await show(folder, way, outcomes, coverage))) {
        throw new Error(`${checkout} does not show the outcome: mend show-outcome.ts first.`);
      }
      return callsIn(coverage, pathToFileURL(join(folder, 'source')).href);
    },
    async needed(way, files) {
      const waiting = [...files];
      const found = new Set<string>();
      const lane = async (number: number): Promise<void> => {
        const copy = join(folder, `lane-${way}-${number}`);
        copyProgram(folder, copy);
        for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
          const path = join(copy, 'source', file);
          const code = readFileSync(path, 'utf8');
          const without = idled(code);
          // What exports nothing is a thread of its own.
          if (without !== undefined) writeFileSync(path, without);
          if (without === undefined || !(await show(copy, way, 2))) found.add(file);
          writeFileSync(path, code);
        }
        rmSync(copy, { recursive: true });
      };
      await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
      return found;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

type Coverage = {
  result: {
    url: string;
    functions: { ranges: { count: number; startOffset: number }[] }[];
  }[];
};

/** The calls of all threads together. */
function callsIn(folder: string, sources: string): Calls {
  const found: Calls = new Map();
  for (const name of readdirSync(folder)) {
    const { result }: Coverage = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    for (const { url, functions } of result) {
      if (!url.startsWith(sources)) continue;
      const file = url.slice(sources.length + 1);
      const calls = found.get(file) ?? new Map<number, number>();
      found.set(file, calls);
      // The first is the module itself.
      for (const { ranges } of functions.slice(1)) {
        const [range] = ranges;
        if (range === undefined) continue;
        calls.set(range.startOffset, (calls.get(range.startOffset) ?? 0) + range.count);
      }
    }
  }
  return found;
}

const isCalled = (calls: Map<number, number>): boolean =>
  [...calls.values()].some((count) => count > 0);

/** The files that work on every outcome: those that work once whatever is recorded are left out. */
export async function workingOnEach(tracer: Tracer): Promise<{ ran: string[]; each: string[] }> {
  const few = await tracer.calls('rows', 1);
  const many = await tracer.calls('rows', 1 + further);
  const ran = [...many].filter(([, calls]) => isCalled(calls));
  const each = ran.filter(([file, calls]) =>
    [...calls].some(([start, count]) => count - (few.get(file)?.get(start) ?? 0) >= further),
  );
  return { ran: ran.map(([file]) => file), each: each.map(([file]) => file) };
}

async function wayOf(checkout: string): Promise<string[]> {
  const tracer = openTracer(checkout);
  try {
    const { ran, each } = await workingOnEach(tracer);
    const alongRows = await tracer.needed('rows', ran);
    const opening = new Set(ran.filter((file) => alongRows.has(file) && !each.includes(file)));
    const summed = [...(await tracer.calls('sums', 1))]
      .filter(([file, calls]) => !opening.has(file) && isCalled(calls))
      .map(([file]) => file);
    const alongSums = await tracer.needed('sums', summed);
    return [...new Set([...each.filter((file) => alongRows.has(file)), ...alongSums])].toSorted();
  } finally {
    tracer.close();
  }
}

if (import.meta.main) {
  const files = await wayOf(resolve(process.argv[2] ?? '.'));
  for (const file of files) console.log(`source/${file.replace(/\.js$/, '')}`);
  console.log(`${files.length} files`);
}
