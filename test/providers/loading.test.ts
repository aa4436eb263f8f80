import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';

const source = join(import.meta.dirname, '../../source/providers/index.ts');

/** Packages of node_modules that a fresh process has loaded after running this. */
function packagesAfter(script: string): string[] {
  const program = `
    import { registerHooks } from 'node:module';
    const seen = new Set();
    registerHooks({
      load: (url, context, next) => {
        const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1];
        if (name !== undefined) seen.add(name);
        return next(url, context);
      },
    });
    const providers = await import(${JSON.stringify(source)});
    ${script}
    console.log(JSON.stringify([...seen]));
  `;
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  return JSON.parse(printed);
}

it('loads no provider and no price list before they are needed', () => {
  expect(packagesAfter('').toSorted((one, other) => one.localeCompare(other))).toEqual([
    '@ai-sdk/provider',
    'zod',
  ]);
});

it('loads the one provider that is called, and no price list where prices are stated', () => {
  const packages = packagesAfter(`
    const simulator = await providers.startSimulator({ seed: 1, pace: 0 });
    const { client } = await providers.connectProviders({ settings: simulator.settings, environment: {} });
    const ask = () => client.generate({ model: 'tidepool-chat', prompt: 'Hi', maxOutputTokens: 9 });
    await ask().catch(ask);
    await simulator.close();
  `);
  expect(packages).toContain('@ai-sdk/openai-compatible');
  expect(packages).not.toContain('@ai-sdk/openai');
  expect(packages).not.toContain('@ai-sdk/anthropic');
  expect(packages).not.toContain('@pydantic/genai-prices');
});
