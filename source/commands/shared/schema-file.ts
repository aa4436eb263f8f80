import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The JSON Schema of the configuration as it was installed: beside `dist`, or beside `source`. */
export function schemaFile(): string {
  const places = ['../schema.json', '../../../schema.json'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  return places.find((place) => existsSync(place)) ?? 'schema.json';
}
