import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { z } from 'zod';

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().optional(),
  author: z.union([z.string(), z.object({ name: z.string() })]).optional(),
});

const libraryFolder = /^(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//;
const licenceFile = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/** The folders of the libraries of which something is in these bundles, below `root`. */
export function bundledLibraries(metafiles: readonly Metafile[]): string[] {
  const folders = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) =>
        bytesInOutput > 0 ? (libraryFolder.exec(path)?.[1] ?? []) : [],
      ),
    ),
  );
  return [...new Set(folders)].toSorted();
}

/** Names, versions and licences of the libraries in these bundles; a licence that several share stands there once. */
export function noticesOf(metafiles: readonly Metafile[], root: string): string {
  const byLicence = new Map<string, Set<string>>();
  for (const folder of bundledLibraries(metafiles)) {
    const path = join(root, folder);
    const { name, version, license, author } = manifestSchema.parse(
      JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')),
    );
    const texts = existsSync(path)
      ? readdirSync(path).filter((file) => licenceFile.test(file))
      : [];
    const holder = typeof author === 'string' ? author : author?.name;
    const text =
      texts.length > 0
        ? texts.map((file) => readFileSync(join(path, file), 'utf8').trim()).join('\n\n')
        : [license ?? 'Licence not stated', holder].filter(Boolean).join(', by ');
    const names = byLicence.get(text) ?? new Set();
    byLicence.set(text, names.add(`${name} ${version} (${license ?? 'see below'})`));
  }
  const sections = [...byLicence].map(([text, names]) => `${[...names].join('\n')}\n\n${text}\n`);
  return [`The programs in this folder contain parts of these libraries.\n`, ...sections].join(
    `\n${'-'.repeat(72)}\n\n`,
  );
}
