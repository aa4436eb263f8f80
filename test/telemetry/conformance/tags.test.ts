import { describe, expect, it } from 'vitest';
import type { FactRow } from '../../../source/telemetry/transfer/index.ts';
import { factKinds, openFacts } from '../../../source/telemetry/transfer/index.ts';
import { result } from '../support.ts';
import { engines } from './engines.ts';

const record = (more: object) => ({ ...result(), ...more });

async function factsOf(path: string, filter: { name: string; value?: string }[] = []) {
  const facts = await openFacts(path);
  const all: FactRow[] = [];
  for await (const page of facts.pages(factKinds, filter)) all.push(...page);
  const isTagged = await facts.isTagged();
  const count = await facts.count(factKinds);
  const words = { names: await facts.tagWords(), teams: await facts.tagWords('team') };
  await facts.close();
  return { all, isTagged, count, words };
}

const tagsByTask = (facts: readonly FactRow[]) =>
  Object.fromEntries(
    facts
      .filter(({ kind }) => kind === 'task')
      .map(({ fields, tags }) => [fields['taskId'], Object.fromEntries(tags ?? [])]),
  );

describe.each(engines)('tags in $name', ({ create }) => {
  it('come with the task that was recorded with them, in one batch, and once', async () => {
    const subject = await create();
    const store = subject.store(() => 1000);
    store.recordRoutingEvent('p', 'a', record({ id: '1', tags: { team: 'search', build: 17 } }));
    store.recordRoutingEvent('p', 'a', record({ id: '1', tags: { team: 'search', build: 17 } }));
    store.recordRoutingEvent('p', 'b', record({ tags: { team: 'ads' } }));
    store.recordRoutingEvent('p', 'c', record({}));
    store.recordRoutingEvent('p', 'd', record({ tags: { 'no tag': 'x' } }));
    await store.close();
    const counts = store.stats();
    expect(counts.recorded).toBe(counts.written);
    expect(counts.refused).toBe(1);
    const { all, isTagged, count, words } = await factsOf(subject.path);
    expect(isTagged).toBe(true);
    expect(words).toEqual({ names: ['build', 'team'], teams: ['ads', 'search'] });
    expect(count).toBe(all.length);
    const rows = all.filter(({ kind }) => kind === 'tag').map(({ fields }) => fields);
    expect(rows.toSorted((a, b) => String(a['taskId']).localeCompare(String(b['taskId'])))).toEqual(
      [
        { projectId: 'p', taskId: 'a', tagName: 'team', tagValue: 'search', at: 1000 },
        { projectId: 'p', taskId: 'a', tagName: 'build', tagValue: '17', at: 1000 },
        { projectId: 'p', taskId: 'b', tagName: 'team', tagValue: 'ads', at: 1000 },
      ],
    );
    expect(tagsByTask(all)).toEqual({
      a: { team: 'search', build: '17' },
      b: { team: 'ads' },
      c: {},
    });
  });

  it('of a run hold for its tasks and calls, and the last word counts', async () => {
    const subject = await create();
    let now = 1000;
    const store = subject.store(() => now);
    store.recordTags('p', { team: 'search', region: 'eu' });
    store.recordRoutingEvent('p', 'a', record({ latencyMs: 5, tags: { team: 'ads' } }));
    store.recordRoutingEvent('p', 'b', record({ latencyMs: 5 }));
    store.recordRoutingEvent('q', 'a', record({ latencyMs: 5 }));
    now = 1001;
    store.recordTags('p', { team: 'news' }, 'b');
    store.recordTags('p', { region: 'us' });
    await store.close();
    const { all } = await factsOf(subject.path);
    expect(all.filter(({ kind }) => kind === 'call')).toHaveLength(3);
    for (const kind of ['task', 'call']) {
      const teams = all
        .filter((fact) => fact.kind === kind)
        .map(({ fields, tags }) => [fields['projectId'], tags?.get('team'), tags?.get('region')])
        .toSorted((a, b) => String(a).localeCompare(String(b)));
      expect(teams).toEqual([
        ['p', 'ads', 'us'],
        ['p', 'news', 'us'],
        ['q', undefined, undefined],
      ]);
    }
    const names = async (...filter: { name: string; value?: string }[]) =>
      (await factsOf(subject.path, filter)).all
        .filter(({ kind }) => kind === 'task')
        .map(({ fields }) => `${String(fields['projectId'])}/${String(fields['taskId'])}`);
    expect(await names({ name: 'region', value: 'us' })).toEqual(['p/a', 'p/b']);
    expect(await names({ name: 'region', value: 'us' }, { name: 'team', value: 'ads' })).toEqual([
      'p/a',
    ]);
    expect(await names({ name: 'team' })).toEqual(['p/a', 'p/b']);
    expect(await names({ name: 'region', value: 'eu' })).toEqual([]);
  });

  it('change nothing that is counted', async () => {
    const read = async (tags: object) => {
      const subject = await create();
      const store = subject.store(() => 1_790_000_000);
      for (let task = 0; task < 20; task += 1) {
        store.recordRoutingEvent('p', `t${task}`, record({ latencyMs: 5, ...tags }));
      }
      await store.flush();
      await subject.sumUp();
      const found = [await store.modelRankings(30), await store.loadHistory()];
      await store.close();
      return found;
    };
    expect(await read({ tags: { team: 'x' } })).toEqual(await read({}));
  });
});

it('of a history in which nothing is tagged take no room in its facts', async () => {
  const [{ create } = { create: undefined }] = engines;
  const subject = await create?.();
  if (subject === undefined) throw new Error('there is no engine');
  const store = subject.store(() => 1000);
  store.recordRoutingEvent('p', 'a', record({}));
  await store.close();
  const { all, isTagged, words } = await factsOf(subject.path);
  expect(isTagged).toBe(false);
  expect(words).toEqual({ names: [], teams: [] });
  expect(all.map(({ kind, tags }) => [kind, tags])).toEqual([['task', undefined]]);
});
