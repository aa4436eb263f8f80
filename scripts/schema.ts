import { writeFileSync } from 'node:fs';
import { configurationJsonSchema } from '../source/commands/configuration/json-schema.ts';

/** Writes the JSON Schema of the configuration that editors read; `npm run schema` after a change of it. */
writeFileSync(
  new URL('../schema.json', import.meta.url),
  `${JSON.stringify(configurationJsonSchema(), undefined, 2)}\n`,
);
