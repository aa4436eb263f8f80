import {
  inspect,
  type InputOf,
  type Inspection,
  type OperationName,
  type OutputOf,
} from '../inspection/index.ts';
import { pythonProblems } from './python.ts';
import { commandProblem } from './run-command.ts';
import type { ValidatorSpec } from './schema.ts';
import type { CheckedLanguage } from './languages.ts';

export type CheckOptions = {
  taskType: string;
  /** The user's keys, for `no-secrets`. */
  secrets: readonly string[];
  /** Where commands run; absent: in the user's own cache folder. */
  scratchDirectory?: string;
  /** Ends whatever runs before its time. */
  signal?: AbortSignal;
  /** Called for a check that could not be made, for reasons that are not the answer's. */
  onSkipped?: (message: string) => void;
  /** Hears what a command found of the answer; not where the command itself could not do its work. */
  onTested?: (passed: boolean) => void;
};

/**
 * What one check says is wrong with an output, one sentence each; empty when it passes, and when it could
 * not be made through no fault of the answer.
 */
export async function problemsOf(
  spec: ValidatorSpec,
  output: string,
  options: CheckOptions,
): Promise<string[]> {
  const text = output;
  switch (spec.kind) {
    case 'json': {
      const isJson = await ask('is-json', { text }, options);
      return isJson === false ? ['The output is not valid JSON.'] : [];
    }
    case 'json-schema': {
      return schemaProblems(spec.schema, output, options);
    }
    case 'regex': {
      const { pattern, flags } = spec;
      const name = `/${pattern}/${flags}`;
      const blame = `the regular expression ${name}: simplify it`;
      const matches = await ask('matches', { text, pattern, flags }, options, blame);
      return matches === false ? [`The output does not match ${name}.`] : [];
    }
    case 'contains': {
      const missing = (await ask('missing-words', { text, words: spec.text }, options)) ?? [];
      return missing.map((word) => `The output does not contain ${JSON.stringify(word)}.`);
    }
    case 'length': {
      const { min = 0, max = Number.POSITIVE_INFINITY } = spec;
      const length = (await ask('length', { text }, options)) ?? min;
      if (length < min) return [`The output has ${length} characters, fewer than ${min}.`];
      return length > max ? [`The output has ${length} characters, more than ${max}.`] : [];
    }
    case 'javascript':
    case 'typescript':
    case 'python': {
      return syntaxProblems(output, spec.kind, options);
    }
    case 'code': {
      return syntaxProblems(output, 'fenced', options);
    }
    case 'no-secrets': {
      const found = await ask('holds-secret', { text, secrets: options.secrets }, options);
      return found === true ? ['The output holds what looks like a secret key.'] : [];
    }
    case 'command': {
      const { command, timeoutSeconds, home } = spec;
      const problem = await commandProblem(command, { ...options, output, timeoutSeconds, home });
      return problem === undefined ? [] : [`The check by command failed: ${problem}`];
    }
  }
}

/**
 * What an operation says; undefined where it could not be done, with a warning. `blame` says whose fault
 * it is where it takes too long, and the remedy.
 */
async function ask<Name extends OperationName>(
  operation: Name,
  input: InputOf<Name>,
  options: CheckOptions,
  blame = 'the check itself: report this, with the answer, as a fault of this program',
): Promise<OutputOf<Name> | undefined> {
  const found = await inspect(operation, input, options);
  if (found.ok) return found.value;
  skipped(found, options, blame);
  return undefined;
}

function skipped(
  { reason, message }: Exclude<Inspection<never>, { ok: true }>,
  { onSkipped }: CheckOptions,
  blame: string,
): void {
  if (reason === 'stopped') return;
  onSkipped?.(
    `A check of an answer was left out because ${message.split('\n')[0] ?? ''}. That is not held against the model, but the fault of ${blame}.`,
  );
}

async function schemaProblems(
  schema: Record<string, unknown>,
  text: string,
  options: CheckOptions,
): Promise<string[]> {
  const blame = 'the JSON Schema of that check: simplify its patterns';
  const finding = await ask('json-schema', { text, schema }, options, blame);
  switch (finding?.kind) {
    case undefined:
    case 'fits': {
      return [];
    }
    case 'not-json': {
      return ['The output is not valid JSON.'];
    }
    case 'unusable': {
      return [`The output does not fit the JSON Schema: the schema is not usable: ${finding.why}.`];
    }
    case 'wrong': {
      return finding.problems.map(
        (problem) => `The output does not fit the JSON Schema: ${problem}.`,
      );
    }
  }
}

/** Code that no parser reads in time is the answer's own fault, so that is a problem of it. */
async function syntaxProblems(
  text: string,
  language: CheckedLanguage,
  options: CheckOptions,
): Promise<string[]> {
  const found = await inspect('syntax', { text, language }, options);
  if (!found.ok) {
    if (found.reason === 'timed-out') return ['The code could not be parsed in time: simplify it.'];
    skipped(found, options, 'the parser: look at the code yourself');
    return [];
  }
  const { problems, python } = found.value;
  return python.length === 0 ? problems : [...problems, ...(await pythonProblems(python, options))];
}
