import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Plugin } from 'esbuild';
import {
  compareLinesPlainly,
  passPlainText,
  putTextsSideBySide,
  rememberWidths,
} from './drawing.ts';
import { rewriteRequiresAsImports } from './ink-table.ts';
import { decodeAtOnce, leaveOutPackages, segmentLater, withoutAssertions } from './starting.ts';

const require = createRequire(import.meta.url);

/** Files of libraries, below `node_modules`, and what is made of each. */
const adaptations: Record<string, (code: string) => string> = {
  'ink-table/dist/index.js': rewriteRequiresAsImports,
  'ink/build/output.js': putTextsSideBySide,
  'ink/build/sanitize-ansi.js': passPlainText,
  'ink/build/line-update.js': (code) => segmentLater(compareLinesPlainly(code)),
  'string-width/index.js': (code) => segmentLater(rememberWidths(code)),
  'wrap-ansi/index.js': segmentLater,
  'slice-ansi/tokenize-ansi.js': segmentLater,
  '@alcalzone/ansi-tokenize/build/tokenize.js': segmentLater,
  'meow/build/dependencies.js': leaveOutPackages,
  'signal-exit/index.js': withoutAssertions,
  'yoga-layout/dist/binaries/yoga-wasm-base64-esm.js': decodeAtOnce,
};

/**
 * What is changed of libraries as they are bundled, so that the screen starts sooner and draws quicker.
 * Each change is held to find what it replaces.
 */
export const adaptLibraries: Plugin = {
  name: 'adapt-libraries',
  setup(esbuild) {
    for (const [file, adapt] of Object.entries(adaptations)) {
      const filter = new RegExp(
        `node_modules/${file}$`.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]'),
      );
      esbuild.onLoad({ filter }, async ({ path }) => ({
        contents: adapt(await readFile(path, 'utf8')),
        loader: 'js',
      }));
    }
    // Ink's development tools are not part of the product.
    esbuild.onResolve({ filter: /^react-devtools-core$/ }, ({ path }) => ({
      path,
      namespace: 'absent',
    }));
    esbuild.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({
      contents: 'export default {}',
    }));
    // React is CommonJS, which would be wrapped once more for each file that imports it.
    esbuild.onResolve({ filter: /^react(?:\/jsx-runtime)?$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'react' } : undefined,
    );
    esbuild.onLoad({ filter: /.*/, namespace: 'react' }, ({ path }) => ({
      contents: `import all from ${JSON.stringify(require.resolve(path))};
export default all;
export const { ${Object.keys(require(path)).join(', ')} } = all;`,
      loader: 'js',
      resolveDir: '/',
    }));
  },
};
