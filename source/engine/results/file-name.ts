import type { TaskType } from '../../domain/task-type.ts';
import { withoutFence, type CodeBlock } from '../validators/payload.ts';

/** File endings of the languages that fences name. */
const extensions: Record<string, string> = {
  bash: '.sh',
  c: '.c',
  cpp: '.cpp',
  'c++': '.cpp',
  csharp: '.cs',
  css: '.css',
  csv: '.csv',
  go: '.go',
  html: '.html',
  java: '.java',
  javascript: '.js',
  js: '.js',
  json: '.json',
  jsx: '.jsx',
  kotlin: '.kt',
  markdown: '.md',
  md: '.md',
  php: '.php',
  py: '.py',
  python: '.py',
  ruby: '.rb',
  rust: '.rs',
  sh: '.sh',
  shell: '.sh',
  sql: '.sql',
  swift: '.swift',
  toml: '.toml',
  ts: '.ts',
  tsx: '.tsx',
  typescript: '.ts',
  xml: '.xml',
  yaml: '.yaml',
  yml: '.yaml',
};

export type ResultFile = { extension: string; content: string };

/** A file of code holds the code, not the fence around it; text stays as it is. */
export function resultFileOf(output: string, taskType: TaskType): ResultFile {
  const block = withoutFence(output);
  const extension = extensionFor(block, taskType);
  return { extension, content: extension === '.md' ? output : block.code };
}

/** The ending that says what an output is: a language where it was one block of code, JSON, or text. */
export function extensionFor({ language, code }: CodeBlock, taskType: TaskType): string {
  const known = Object.hasOwn(extensions, language) ? extensions[language] : undefined;
  if (known !== undefined) return known;
  if (taskType === 'data_extraction' || /^[[{]/.test(code)) {
    try {
      JSON.parse(code);
      return '.json';
    } catch {
      // Text that begins like JSON.
    }
  }
  return '.md';
}

/**
 * What the result of a task is called: `task-ID.result.md`. Ids and languages are chosen by models, and
 * other programs act on a file for its name (`package.json`, `.npmrc`, `conftest.py`, `x_test.py`): a name
 * that always begins and ends in our own words is none of those, and neither hidden, nor a device, nor too
 * long, on any system.
 */
export function resultFileName(taskId: string, extension: string, copy: number): string {
  const id = taskId.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 100);
  return `task-${id}${copy === 1 ? '' : `-${copy}`}.result${extension}`;
}
