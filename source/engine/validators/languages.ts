import { ownValue } from '../../domain/own-value.ts';
export type SyntaxLanguage = 'javascript' | 'typescript' | 'python';
/** `fenced`: every language that can be checked, where a fence names it. */
export type CheckedLanguage = SyntaxLanguage | 'fenced';

/** What fences call the languages whose syntax can be checked; JSX is not among them. */
const fenceNames: Record<string, SyntaxLanguage> = {
  js: 'javascript',
  javascript: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  ts: 'typescript',
  typescript: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  py: 'python',
  python: 'python',
  python3: 'python',
};

export function languageOfFence(name: string): SyntaxLanguage | undefined {
  return ownValue(fenceNames, name);
}

export const languageNames: Record<SyntaxLanguage, string> = {
  javascript: 'JavaScript',
  typescript: 'TypeScript',
  python: 'Python',
};

/** Sentences about one answer: a model that is to correct it needs no more. */
export const mostProblems = 10;
