import { parseJson } from '../../domain/parse-json.ts';
import type { TaskType } from '../../domain/task-type.ts';
import { ownValue } from '../../domain/own-value.ts';
import type { CodeBlock } from './payload.ts';

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

/** The ending that says what an output is: a language where it was one block of code, JSON, or text. */
export function extensionFor({ language, code }: CodeBlock, taskType: TaskType): string {
  const known = ownValue(extensions, language);
  if (known !== undefined) return known;
  // Text may begin like JSON.
  const isJson =
    (taskType === 'data_extraction' || /^[[{]/.test(code)) && parseJson(code) !== undefined;
  return isJson ? '.json' : '.md';
}
