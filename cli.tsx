import { useCompileCache } from './source/files/compile-cache.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(
    `orchestrator needs Node.js 22.13 or newer, and this is ${process.versions.node}: install a current Node.js and try again.\n`,
  );
  process.exitCode = 1;
} else {
  useCompileCache(process.env);
  // Loaded only now: what follows does not parse, or crashes, on an older Node.
  const { main } = await import('./source/commands/main.ts');
  await main(process.argv.slice(2));
}
