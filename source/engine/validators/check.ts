import { runInNewContext } from 'node:vm';
import type { ValidatorSpec } from './schema.ts';
import { codeBlocksIn, withoutFence } from './payload.ts';
import { pythonProblem } from './python.ts';
import { commandProblem } from './run-command.ts';
import { schemaProblems } from './schema-check.ts';
import { holdsSecret } from './secrets.ts';
import { codeOf, languageOfFence, scriptProblem, type SyntaxLanguage } from './syntax.ts';

export type CheckOptions = {
  taskType: string;
  /** The user's keys, for `no-secrets`. */
  secrets: readonly string[];
  /** Ends a command before its time. */
  onCancel?: (callback: () => void) => () => void;
};

/** What one check says is wrong with an output, one sentence each; empty when it passes. */
export async function problemsOf(
  spec: ValidatorSpec,
  output: string,
  options: CheckOptions,
): Promise<string[]> {
  switch (spec.kind) {
    case 'json': {
      return readJson(output) === undefined ? ['The output is not valid JSON.'] : [];
    }
    case 'json-schema': {
      const json = readJson(output);
      if (json === undefined) return ['The output is not valid JSON.'];
      const problems = await schemaProblems(spec.schema, json.value);
      return problems.map((problem) => `The output does not fit the JSON Schema: ${problem}.`);
    }
    case 'regex': {
      return matches(spec.pattern, spec.flags, output)
        ? []
        : [`The output does not match /${spec.pattern}/${spec.flags}.`];
    }
    case 'contains': {
      return spec.text
        .filter((text) => !output.includes(text))
        .map((text) => `The output does not contain ${JSON.stringify(text)}.`);
    }
    case 'length': {
      const { min = 0, max = Number.POSITIVE_INFINITY } = spec;
      const length = Array.from(output).length;
      if (length < min) return [`The output has ${length} characters, fewer than ${min}.`];
      return length > max ? [`The output has ${length} characters, more than ${max}.`] : [];
    }
    case 'javascript':
    case 'typescript':
    case 'python': {
      return syntaxProblems(output, spec.kind);
    }
    case 'code': {
      const languages = codeBlocksIn(output).flatMap(({ language }) => {
        const known = languageOfFence(language);
        return known === undefined ? [] : [known];
      });
      const problems = await Promise.all(
        [...new Set(languages)].map((language) => syntaxProblems(output, language)),
      );
      return problems.flat();
    }
    case 'no-secrets': {
      return holdsSecret(output, options.secrets)
        ? ['The output holds what looks like a secret key.']
        : [];
    }
    case 'command': {
      const { command, timeoutSeconds } = spec;
      const problem = await commandProblem(command, { ...options, output, timeoutSeconds });
      return problem === undefined ? [] : [`The check by command failed: ${problem}`];
    }
  }
}

const languageNames: Record<SyntaxLanguage, string> = {
  javascript: 'JavaScript',
  typescript: 'TypeScript',
  python: 'Python',
};

async function syntaxProblems(output: string, language: SyntaxLanguage): Promise<string[]> {
  const problems = await Promise.all(
    codeOf(output, language).map(async (code) =>
      language === 'python' ? pythonProblem(code) : scriptProblem(code, language),
    ),
  );
  return problems
    .filter((problem) => problem !== undefined)
    .map((problem) => `The ${languageNames[language]} does not parse: ${problem}.`);
}

function readJson(output: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(withoutFence(output).code) };
  } catch {
    return undefined;
  }
}

/** How long the user's pattern may take on a model's output: some take for ever on some texts. */
const regexTimeoutMs = 1000;

function matches(pattern: string, flags: string, text: string): boolean {
  try {
    const found: unknown = runInNewContext(
      'new RegExp(pattern, flags).test(text)',
      { pattern, flags, text },
      { timeout: regexTimeoutMs },
    );
    return found === true;
  } catch {
    return false;
  }
}
