import { stripTypeScriptTypes } from 'node:module';
import process from 'node:process';
import { messageOf } from '../../domain/errors.ts';
import { codeBlocksIn, withoutFence } from './payload.ts';

export type SyntaxLanguage = 'javascript' | 'typescript' | 'python';

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
  return Object.hasOwn(fenceNames, name) ? fenceNames[name] : undefined;
}

/**
 * The code of a language in an output: its fenced blocks of that language, else blocks without a
 * language, else the whole text.
 */
export function codeOf(output: string, language: SyntaxLanguage): string[] {
  const blocks = codeBlocksIn(output);
  const named = blocks.filter((block) => languageOfFence(block.language) === language);
  if (named.length > 0) return named.map(({ code }) => code);
  const unnamed = blocks.filter((block) => block.language === '');
  return unnamed.length > 0 ? unnamed.map(({ code }) => code) : [withoutFence(output).code];
}

/** Longer code than this is not parsed: it would hold up the run. */
const longestCode = 1_000_000;

/** What is wrong with the syntax, or undefined. Parses only; nothing is run. */
export function scriptProblem(
  code: string,
  language: 'javascript' | 'typescript',
): string | undefined {
  if (code.length > longestCode) return `is longer than ${longestCode} characters`;
  try {
    const parsed = withoutWarnings(() =>
      stripTypeScriptTypes(code, { mode: language === 'javascript' ? 'strip' : 'transform' }),
    );
    // Types are blanked out: JavaScript has none.
    if (language === 'javascript' && parsed !== code) return 'uses TypeScript syntax';
    return undefined;
  } catch (error) {
    return looksLikeJsx(code) ? undefined : messageOf(error).split('\n')[0];
  }
}

/** Elements that close; Node's parser knows none, which says nothing of the code that has them. */
function looksLikeJsx(code: string): boolean {
  return /<\/(?:[A-Za-z][\w.:-]*)?\s*>|<[A-Za-z][^<>]*\/>/.test(code);
}

/** The parser's API is marked experimental, which must not be written into the user's screen. */
function withoutWarnings<Result>(work: () => Result): Result {
  const original = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    if (original !== undefined) Object.defineProperty(process, 'emitWarning', original);
  }
}
