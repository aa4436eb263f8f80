import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type Metafile } from 'esbuild';

/** Larger ones are libraries, which only some of those that share the rest need. */
const largestBytes = 100_000;

/** What is loaded at once when some programs start, by the names of their sources. */
type Group = { name: string; starts: readonly string[] };

/**
 * Puts together the small chunks that a program loads at its start, one file for each group: esbuild makes a
 * chunk for every set of entries that share something, and each file more costs a start half a
 * millisecond. A chunk belongs to the first group that loads it. `folder` is where they were written.
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
  for (const [number, { name, starts }] of groups.entries()) {
    const chunks = [...loadedBy(byName, starts)].filter(([chunk, { entryPoint, bytes }]) => {
      return entryPoint === undefined && bytes <= largestBytes && !taken.has(chunk);
    });
    if (chunks.length < 2) continue;
    for (const [index, [chunk]] of chunks.entries()) {
      taken.set(chunk, { file: `${name}.js`, suffix: `_${number}_${index}` });
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

/** Everything that these entries import, and not only later. */
function loadedBy(outputs: Outputs, entries: readonly string[]): Outputs {
  const found = new Map<string, Metafile['outputs'][string]>();
  const add = (name: string): void => {
    const output = outputs.get(name);
    if (output === undefined || found.has(name)) return;
    found.set(name, output);
    for (const { path, kind } of output.imports)
      if (kind === 'import-statement') add(basename(path));
  };
  for (const [name, { entryPoint }] of outputs) {
    if (entryPoint !== undefined && entries.includes(entryPoint)) add(name);
  }
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
          esbuild.onResolve({ filter: /./ }, ({ path }) =>
            inside.some(([name]) => path === `./${name}`) ? undefined : { path, external: true },
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
  const changed = text.replaceAll(
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
