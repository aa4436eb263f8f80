import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../scripts/bundle.ts';
import { createInspector, type Inspector } from '../../../source/engine/inspection/inspector.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const workerFile = fileURLToPath(new URL('../../../dist/inspection-worker.js', import.meta.url));

function inspector(): Inspector {
  const made = createInspector();
  onTestFinished(() => made.close());
  return made;
}

const megabyte = 1_000_000;
const forEver = { text: `${'a'.repeat(60)}!`, pattern: '^(a+)+$', flags: '' };
const syntaxOf = (code: string) => ({ text: code, language: 'javascript' as const });
const tooDeep = `${'('.repeat(4000)}1${')'.repeat(4000)}`;
/** Each level doubles the time of the parser. */
const exponential = `${'a?(b):c=>'.repeat(30)}d`;
const fine = { ok: true, value: { problems: [], python: [] } };

/** The longest that a timer was late meanwhile, in milliseconds. */
async function lateness(work: Promise<unknown>): Promise<number> {
  let [last, longest] = [performance.now(), 0];
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 5);
    last = now;
  }, 5);
  await work;
  clearInterval(timer);
  return longest;
}

describe('an inspection', () => {
  it('answers the same for a short text, in place, and for a long one, in the thread', async () => {
    const { inspect } = inspector();
    for (const padding of ['', 'x'.repeat(megabyte)]) {
      const answer = `${padding}\n{"score": 0.5}`;
      expect(
        await inspect('judgement', { material: '', cut: false, answer: answer.slice(-90_000) }),
      ).toEqual({
        ok: true,
        value: { score: 0.5 },
      });
      expect(await inspect('is-json', { text: JSON.stringify({ padding }) })).toEqual({
        ok: true,
        value: true,
      });
    }
  });

  it('that takes too long ends in its time, without holding up this thread', async () => {
    const { inspect } = inspector();
    const start = performance.now();
    const work = inspect('matches', forEver, { timeoutMs: 300 });
    expect(await lateness(work)).toBeLessThan(150);
    expect(await work).toEqual({
      ok: false,
      reason: 'timed-out',
      message: 'it took longer than 0.3 s',
    });
    expect(performance.now() - start).toBeLessThan(3000);
    expect(await inspect('matches', { ...forEver, text: 'aa' })).toEqual({ ok: true, value: true });
  });

  it('ends when the run stops, whether it is under way or waits', async () => {
    const { inspect } = inspector();
    const controller = new AbortController();
    const [underWay, waiting, other] = [
      inspect('matches', forEver, { timeoutMs: 60_000, signal: controller.signal }),
      inspect('matches', forEver, { timeoutMs: 60_000, signal: controller.signal }),
      inspect('matches', { ...forEver, text: 'b' }),
    ];
    controller.abort(new Error('over'));
    expect(await underWay).toMatchObject({ ok: false, reason: 'stopped' });
    expect(await waiting).toMatchObject({ ok: false, reason: 'stopped' });
    expect(await other).toEqual({ ok: true, value: false });
    expect(await inspect('matches', forEver, { signal: controller.signal })).toMatchObject({
      reason: 'stopped',
    });
  });

  it('of good code passes after any that no parser survives', async () => {
    const { inspect } = inspector();
    const [deep, slow, ...good] = await Promise.all([
      inspect('syntax', syntaxOf(tooDeep)),
      inspect('syntax', syntaxOf(exponential), { timeoutMs: 500 }),
      ...Array.from({ length: 5 }, (_, index) => inspect('syntax', syntaxOf(`let a = ${index};`))),
    ]);
    expect(deep).toMatchObject({ ok: true, value: { problems: [/nested too deeply/] } });
    expect(slow).toMatchObject({ ok: false, reason: 'timed-out' });
    expect(good).toEqual(good.map(() => fine));
  });

  it('of JSON that is nested as deeply as it is long finds that out', async () => {
    const { inspect } = inspector();
    const text = '['.repeat(megabyte / 2) + ']'.repeat(megabyte / 2);
    const schema = { $ref: '#/$defs/list', $defs: { list: { items: { $ref: '#/$defs/list' } } } };
    expect(await inspect('is-json', { text })).toEqual({ ok: true, value: true });
    expect(await inspect('json-schema', { text, schema })).toEqual({
      ok: true,
      value: { kind: 'wrong', problems: ['the value is nested too deeply'] },
    });
  });

  it('does not keep waiting for a thread that cannot start', async () => {
    const broken = createInspector({ workerUrl: new URL('file:///no/such/worker.js') });
    expect(await broken.inspect('matches', { ...forEver, text: 'a' })).toMatchObject({
      ok: false,
      reason: 'crashed',
    });
  });

  it('leaves nothing that keeps a process from ending', async () => {
    const file = join(temporaryDirectory(), 'asks.mjs');
    await bundleProgram('test/engine/inspection/asks.ts', file);
    const { stdout } = await promisify(execFile)(process.execPath, [file, workerFile], {
      timeout: 20_000,
    });
    expect(stdout).toBe('{"ok":true,"value":true}\n');
  });
});
