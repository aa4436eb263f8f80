import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildBundles } from './bundle.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

await buildBundles();
execFileSync('tsc', ['--project', 'scripts/tsconfig.types.json'], { cwd: root, stdio: 'inherit' });
