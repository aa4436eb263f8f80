import { afterEach, expect, it } from 'vitest';
import { ModelCallError } from '../../source/domain/model-api.ts';
import { eventsOf, goodAnswer, run, task } from './support/run.ts';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

it('lets no key into any event, whoever repeats it', async () => {
  const key = 'user-key-0123456789';
  const shaped = 'sk-proj-abcdefghijklmnopqrstuvwxyz';
  server = await startScriptedServer((asked) => {
    if (asked.role === 'generator' && asked.model === 'alpha') {
      return {
        status: 400,
        body: JSON.stringify({ error: { message: `bad key ${key} ${shaped}` } }),
      };
    }
    return asked.role === 'generator' ? { text: `Here: ${key}` } : goodAnswer(asked);
  });
  const result = await run(server, {
    project: `Use ${key}`,
    tasks: [task('a', { prompt: `With ${key}` })],
    secrets: [key],
  });
  expect(eventsOf(result, 'task-finished')).toHaveLength(1);
  const said = JSON.stringify(result.events);
  expect(said).not.toContain(key);
  expect(said).not.toContain(shaped);
});

it('lets no key into the error of an attempt, whatever the client says', async () => {
  const key = 'user-key-0123456789';
  const shaped = 'sk-proj-abcdefghijklmnopqrstuvwxyz';
  server = await startScriptedServer((asked) => goodAnswer(asked));
  const result = await run(server, {
    tasks: [task('a')],
    secrets: [key],
    client: {
      generate: () =>
        Promise.reject(new ModelCallError('invalid-response', `refused ${key} and ${shaped}`)),
    },
  });
  const errors = eventsOf(result, 'attempt-finished').map(({ error }) => error);
  expect(errors.length).toBeGreaterThan(0);
  for (const error of errors) expect(error).toContain('refused [redacted] and [redacted]');
  const said = JSON.stringify(result.events);
  expect(said).not.toContain(key);
  expect(said).not.toContain(shaped);
});
