/**
 * The bundled worker of a name: beside this chunk, or, from the sources, in the build: Node strips types in
 * WebAssembly, and V8 crashes now and then where several threads do.
 */
export function workerUrl(name: string): URL {
  const folder = import.meta.url.endsWith('.ts') ? '../../dist/' : './';
  return new URL(`${folder}${name}.js`, import.meta.url);
}
