import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  startScriptedServer,
  type Asked,
  type Reply,
  type ScriptedServer,
} from '../../engine/support/scripted-server.ts';
import { runCommandLine, type Outcome } from '../../support/context.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

/** Dollars per million tokens of the models of a {@link World}. */
export const price = { input: 10, output: 20 };

/** A person with two models of two providers, on a server of their own, and nothing else. */
export type World = {
  server: ScriptedServer;
  directory: string;
  cache: string;
  environment: NodeJS.ProcessEnv;
  run: (argv: readonly string[]) => Promise<Outcome>;
};

export const plan = (ids: readonly string[], type = 'summarization'): string =>
  JSON.stringify({ tasks: ids.map((id) => ({ id, type, prompt: `Do ${id}.` })) });

/** Answers every role well. */
export function wellBehaved(asked: Asked, ids: readonly string[] = ['first', 'second']): Reply {
  switch (asked.role) {
    case 'planner': {
      return { text: plan(ids) };
    }
    case 'judge': {
      return { text: '{"score": 0.9}' };
    }
    case 'critic':
    case 'generator':
    case 'reviser':
    case undefined: {
      return { text: `An answer of ${asked.model}.` };
    }
  }
}

export async function createWorld(
  script: (asked: Asked) => Reply | Promise<Reply> = wellBehaved,
): Promise<World> {
  const directory = temporaryDirectory();
  const server = await startScriptedServer(script);
  onTestFinished(() => server.close());
  writeFileSync(
    join(directory, 'orchestrator.yaml'),
    `providers:
  north: {kind: openai-compatible, baseUrl: "${server.baseUrl}"}
  south: {kind: openai-compatible, baseUrl: "${server.baseUrl}"}
models:
  - {id: alpha, provider: north, price: {input: ${price.input}, output: ${price.output}}}
  - {id: beta, provider: south, price: {input: ${price.input}, output: ${price.output}}}
`,
  );
  const cache = join(directory, 'cache');
  const environment = { ORCHESTRATOR_CACHE_DIR: cache, HOME: directory, PATH: process.env['PATH'] };
  return {
    server,
    directory,
    cache,
    environment,
    run: (argv) => runCommandLine(argv, { environment, workingDirectory: directory }),
  };
}

/** What the server's usage costs at {@link price}. */
export function costOf({ server }: World): number {
  let dollars = 0;
  for (const { input, output } of server.usage.values()) {
    dollars += (input * price.input + output * price.output) / 1_000_000;
  }
  return dollars;
}
