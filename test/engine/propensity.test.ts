import { afterEach, expect, it } from 'vitest';
import { defaultRoutingSettings } from '../../source/domain/policy.ts';
import { eventsOf, goodAnswer, run, task } from './support/run.ts';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

it('says with each first answer how probable the choice of its model was, and with no other call', async () => {
  server = await startScriptedServer((asked) => goodAnswer(asked));
  const result = await run(server, {
    routing: { ...defaultRoutingSettings, strategy: 'adaptive' },
    tasks: Array.from({ length: 6 }, (_, index) => task(`t${index}`)),
    concurrency: 1,
  });
  const calls = eventsOf(result, 'call-finished');
  const ofAnswers = calls.filter(({ role }) => role === 'generator');
  expect(ofAnswers).toHaveLength(6);
  for (const { propensity } of ofAnswers) {
    expect(propensity).toBeGreaterThan(0);
    expect(propensity).toBeLessThanOrEqual(1);
  }
  expect(calls.filter(({ role }) => role !== 'generator').map((call) => call.propensity)).toEqual(
    expect.not.arrayContaining([expect.any(Number)]),
  );
});

it('is certain of a choice without sampling', async () => {
  server = await startScriptedServer((asked) => goodAnswer(asked));
  const result = await run(server, { tasks: [task('only')] });
  const first = eventsOf(result, 'call-finished').find(({ role }) => role === 'generator');
  expect(first?.propensity).toBe(1);
});
