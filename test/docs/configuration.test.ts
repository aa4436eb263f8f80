import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { loadConfiguration } from '../../source/commands/configuration/index.ts';
import { configurationSchema } from '../../source/commands/configuration/schema.ts';
import { documents } from '../support/documents.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const examples = documents.flatMap(({ path, blocks }) =>
  blocks
    .filter(({ language }) => language === 'yaml')
    .map(({ code }, index) => ({ name: `${path}, example ${index + 1}`, code })),
);

/** The names of all settings, however deep. */
function settingsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) =>
    key === 'properties' && typeof value === 'object' && value !== null
      ? [...Object.keys(value), ...Object.values(value).flatMap(settingsIn)]
      : settingsIn(value),
  );
}

describe('the configuration in the docs', () => {
  it.each(examples)('$name is understood', async ({ code }) => {
    const directory = temporaryDirectory();
    const path = join(directory, 'orchestrator.yaml');
    writeFileSync(path, code);
    const loaded = await loadConfiguration({
      workingDirectory: directory,
      environment: { HOME: directory },
      path,
    });
    expect(loaded).toHaveProperty('routing');
  });

  it('shows every setting', () => {
    const page = documents.find(({ path }) => path === 'docs/models.md')?.text ?? '';
    const settings = settingsIn(z.toJSONSchema(configurationSchema, { io: 'input' }));
    expect(settings.length).toBeGreaterThan(10);
    expect(settings.filter((name) => !page.includes(`${name}:`))).toEqual([]);
  });
});
