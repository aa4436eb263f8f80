import { stripTypeScriptTypes } from 'node:module';
import process from 'node:process';
import { messageOf } from '../../domain/errors.ts';
import { hasCode } from '../../files/error-code.ts';
import { retireThread } from '../inspection/retire.ts';
import {
  languageNames,
  languageOfFence,
  mostProblems,
  type CheckedLanguage,
  type SyntaxLanguage,
} from './languages.ts';
import { codeBlocksIn, withoutFence } from './payload.ts';

export type SyntaxFinding = {
  /** What is wrong, one sentence each. */
  problems: string[];
  /** Code in Python, which an interpreter of its own parses. */
  python: string[];
};

/** What is wrong with the code in an output. Parses only; nothing is run. */
export function syntaxFinding(output: string, language: CheckedLanguage): SyntaxFinding {
  const languages = language === 'fenced' ? languagesIn(output) : [language];
  const problems: string[] = [];
  for (const one of languages) {
    if (one === 'python') continue;
    for (const code of codeOf(output, one)) {
      const problem = scriptProblem(code, one);
      if (problem === undefined) continue;
      problems.push(`The ${languageNames[one]} does not parse: ${problem}.`);
      if (problems.length >= mostProblems) return { problems, python: [] };
    }
  }
  return { problems, python: languages.includes('python') ? codeOf(output, 'python') : [] };
}

function languagesIn(output: string): SyntaxLanguage[] {
  const named = codeBlocksIn(output).flatMap(({ language }) => languageOfFence(language) ?? []);
  return [...new Set(named)];
}

/**
 * The code of a language in an output: its fenced blocks of that language, else blocks without a
 * language, else the whole text.
 */
function codeOf(output: string, language: SyntaxLanguage): string[] {
  const blocks = codeBlocksIn(output);
  const named = blocks.filter((block) => languageOfFence(block.language) === language);
  if (named.length > 0) return named.map(({ code }) => code);
  const unnamed = blocks.filter((block) => block.language === '');
  return unnamed.length > 0 ? unnamed.map(({ code }) => code) : [withoutFence(output).code];
}

/** Longer code than this is not parsed: it would hold up the run. */
const longestCode = 1_000_000;

/** Nesting of brackets beyond which the parsers here crash; no real code comes near. */
const deepestNesting = 200;

/**
 * What is wrong with the syntax, or undefined.
 *
 * @throws what the parser fails with where that says nothing of the code; it is done for then.
 */
function scriptProblem(code: string, language: 'javascript' | 'typescript'): string | undefined {
  if (code.length > longestCode) return `is longer than ${longestCode} characters`;
  try {
    const parsed = withoutWarnings(() =>
      stripTypeScriptTypes(code, { mode: language === 'javascript' ? 'strip' : 'transform' }),
    );
    // Types are blanked out: JavaScript has none.
    if (language === 'javascript' && parsed !== code) return 'uses TypeScript syntax';
    return undefined;
  } catch (error) {
    const isAboutCode =
      hasCode(error, 'ERR_INVALID_TYPESCRIPT_SYNTAX') ||
      hasCode(error, 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX');
    if (!isAboutCode) {
      retireThread();
      if (nestingOf(code) <= deepestNesting) throw error;
      return 'it is nested too deeply';
    }
    return looksLikeJsx(code) ? undefined : messageOf(error).split('\n')[0]?.slice(0, 300);
  }
}

/** The most brackets, types and conditions that are open at once, at most; also in strings and comments. */
function nestingOf(code: string): number {
  let [depth, deepest] = [0, 0];
  for (let index = 0; index < code.length; index += 1) {
    const character = code.charAt(index);
    if ('([{<?'.includes(character)) depth += 1;
    else if (')]}>'.includes(character)) depth = Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
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
