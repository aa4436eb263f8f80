/**
 * Turns ink-table's `require` lines into imports; also used by the test runner. A row's hash is only its
 * key, for which its JSON does as well, without loading Node's cryptography.
 */
export function rewriteRequiresAsImports(code: string): string {
  const imports = [
    "import reactModule from 'react';",
    "import * as inkModule from 'ink';",
    'const hashModule = { sha1: (row) => JSON.stringify(row) };',
    'const exports = {};',
  ];
  const body = code
    .replace('require("react")', 'reactModule')
    .replace('require("ink")', 'inkModule')
    .replace('require("object-hash")', 'hashModule');
  return `${imports.join('\n')}\n${body}\nexport default exports.default;\n`;
}
