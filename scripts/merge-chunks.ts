import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type Metafile } from 'esbuild';

/** More of libraries than that only some of those that share the rest need. */
const usualBytes = 100_000;

/** What is loaded at once when some programs start, by the names of their sources. */
export type Group = {
  name: string;
  starts: readonly string[];
  /** What is loaded later by its name, and put there as well: each is then a part of the file. */
  parts?: readonly string[];
  /** Leaves apart what anything else loads: that would load the whole file. */
  isOwn?: boolean;
  /** With how much of libraries a chunk is put together; 100 KB unless told otherwise. */
  largestBytes?: number;
};

/**
 * Puts together the small chunks that a program loads at its start, one file for each group: esbuild makes a
 * chunk for every set of entries that share something, and each file more costs a start half a
 * millisecond, and an installation some of them. A chunk belongs to the first group that loads it. `folder` is
 * where they were written.
 */
export async function mergeChunks(
  folder: string,
  { outputs }: Metafile,
  groups: readonly Group[],
): Promise<void> {
  const byName = new Map(
    Object.entries(outputs).map(([path, output]) => [basename(path), output] as const),
  );
  const taken = new Map<string, Merged>();
  for (const [number, group] of groups.entries()) {
    const chunks = chunksOf(group, byName, taken);
    if (chunks.length < 2) continue;
    for (const [index, chunk] of chunks.entries()) {
      taken.set(chunk, { file: `${group.name}.js`, suffix: `_${number}_${index}` });
    }
  }
  const files = new Set([...taken.values()].map(({ file }) => file));
  // All are read before any is changed.
  const merged = await Promise.all(
    [...files].map((file) => mergedText(folder, file, taken, byName)),
  );
  const names = (await readdir(folder)).filter((name) => byName.has(name) && !taken.has(name));
  await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      await writeFile(path, redirected(await readFile(path, 'utf8'), taken));
    }),
  );
  await Promise.all([...taken.keys()].map((name) => rm(join(folder, name))));
  await Promise.all(merged.map(({ file, text }) => writeFile(join(folder, file), text)));
}

/** Where a chunk went, and how what it exports is told from what others do there. */
type Merged = { file: string; suffix: string };
type Outputs = ReadonlyMap<string, Metafile['outputs'][string]>;

/** Those that are put together: what else they load must need none of them. */
function chunksOf(
  { starts, parts = [], isOwn = false, largestBytes = usualBytes }: Group,
  outputs: Outputs,
  taken: ReadonlyMap<string, Merged>,
): string[] {
  const entries = [...starts, ...parts];
  const loaded = loadedBy(outputs, entries);
  const others = isOwn ? loadedByOthers(outputs, entries) : new Map<string, never>();
  const chunks = new Set(
    [...loaded.keys()].filter((name) => {
      const { entryPoint, inputs = {} } = outputs.get(name) ?? {};
      const isPart = entryPoint === undefined || parts.includes(entryPoint);
      return (
        isPart && libraryBytes(inputs) <= largestBytes && !taken.has(name) && !others.has(name)
      );
    }),
  );
  for (let before = 0; before !== chunks.size;) {
    before = chunks.size;
    // A file and one that it needs would need each other, and one of them would run too early.
    const needed = [...importedBy(outputs, [...chunks]).keys()].filter(
      (name) => !chunks.has(name) && !taken.has(name),
    );
    for (const name of importedBy(outputs, needed).keys()) chunks.delete(name);
  }
  return [...chunks];
}

function libraryBytes(inputs: Metafile['outputs'][string]['inputs']): number {
  return Object.entries(inputs).reduce(
    (sum, [path, { bytesInOutput }]) => sum + (path.includes('node_modules/') ? bytesInOutput : 0),
    0,
  );
}

/** Everything that these entries import, and not only later. */
function loadedBy(outputs: Outputs, entries: readonly string[]): Outputs {
  const names = [...outputs].flatMap(([name, { entryPoint }]) =>
    entryPoint !== undefined && entries.includes(entryPoint) ? [name] : [],
  );
  return importedBy(outputs, names);
}

/** Everything that other entries import. */
function loadedByOthers(outputs: Outputs, entries: readonly string[]): Outputs {
  const others = [...outputs.values()].flatMap(({ entryPoint }) =>
    entryPoint === undefined || entries.includes(entryPoint) ? [] : [entryPoint],
  );
  return loadedBy(outputs, others);
}

function importedBy(outputs: Outputs, names: readonly string[]): Outputs {
  const found = new Map<string, Metafile['outputs'][string]>();
  const add = (name: string): void => {
    const output = outputs.get(name);
    if (output === undefined || found.has(name)) return;
    found.set(name, output);
    for (const { path, kind } of output.imports)
      if (kind === 'import-statement') add(basename(path));
  };
  names.forEach(add);
  return found;
}

async function mergedText(
  folder: string,
  file: string,
  taken: ReadonlyMap<string, Merged>,
  outputs: Outputs,
): Promise<{ file: string; text: string }> {
  const inside = [...taken].filter(([, merged]) => merged.file === file);
  const contents = inside.flatMap(([name, { suffix }]) => [
    `import './${name}';`,
    ...(outputs.get(name)?.entryPoint === undefined
      ? []
      : [`export * as part${suffix} from './${name}';`]),
    ...(outputs.get(name)?.exports ?? []).map(
      (exported) => `export { ${exported} as ${exported}${suffix} } from './${name}';`,
    ),
  ]);
  const { outputFiles } = await build({
    stdin: { contents: contents.join('\n'), resolveDir: folder },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node22.13',
    // They were shaken before; what is left is kept, and in its order.
    ignoreAnnotations: true,
    treeShaking: false,
    legalComments: 'none',
    plugins: [
      {
        name: 'only-these',
        setup(esbuild) {
          esbuild.onResolve({ filter: /./ }, ({ path, kind }) =>
            kind !== 'dynamic-import' && inside.some(([name]) => path === `./${name}`)
              ? undefined
              : { path, external: true },
          );
        },
      },
    ],
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`nothing was put together for ${file}`);
  return { file, text: redirected(output.text, taken) };
}

/** The same module, importing what was put together from where it went. */
function redirected(text: string, taken: ReadonlyMap<string, Merged>): string {
  const later = text.replaceAll(/\bimport\("\.\/([^"]+)"\)/g, (call, chunk: string) => {
    const merged = taken.get(chunk);
    if (merged === undefined) return call;
    return `import("./${merged.file}").then((file) => file.part${merged.suffix})`;
  });
  const changed = later.replaceAll(
    /^import (?:\{([^}]*)\} from )?"\.\/([^"]+)";$/gm,
    (statement, names: string | undefined, chunk: string) => {
      const merged = taken.get(chunk);
      if (merged === undefined) return statement;
      if (names === undefined) return `import "./${merged.file}";`;
      const renamed = names.split(',').map((one) => {
        const [exported = '', local = exported] = one.trim().split(' as ');
        return `${exported}${merged.suffix} as ${local}`;
      });
      return `import { ${renamed.join(', ')} } from "./${merged.file}";`;
    },
  );
  const left = [...taken.keys()].find((chunk) => changed.includes(`"./${chunk}"`));
  if (left !== undefined) throw new Error(`${left} is imported in a way that is not understood`);
  return changed;
}
