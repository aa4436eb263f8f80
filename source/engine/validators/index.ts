import type { TaskSpec } from '../../domain/run-event.ts';
import type { TaskType } from '../../domain/task-type.ts';
import { inspect } from '../inspection/index.ts';
import { problemsOf, type CheckOptions } from './check.ts';
import { validatorSchema, type ValidatorSpec } from './schema.ts';

export type { CheckOptions } from './check.ts';
export { validatorSchema, type ValidatorKind, type ValidatorSpec } from './schema.ts';

/** What an output of a type is checked for where the task names nothing itself. */
const inferred = new Map<TaskType, readonly ValidatorSpec[]>([
  ['code_generation', [{ kind: 'code' }, { kind: 'no-secrets' }]],
  ['data_extraction', [{ kind: 'json' }, { kind: 'no-secrets' }]],
]);

const always: readonly ValidatorSpec[] = [{ kind: 'no-secrets' }];

/** The checks of a task: those it names, else those of its type; secrets are looked for always. */
export function validatorsOf(task: {
  type: TaskType;
  validators: readonly unknown[];
}): readonly ValidatorSpec[] {
  const named = task.validators.map((given) => validatorSchema.parse(given));
  if (named.length === 0) return inferred.get(task.type) ?? always;
  return named.some(({ kind }) => kind === 'no-secrets') ? named : [...named, ...always];
}

/** Everything that the checks of a task find wrong with an output, one sentence each. */
export async function validate(
  specs: readonly ValidatorSpec[],
  output: string,
  options: CheckOptions,
): Promise<string[]> {
  const problems = await Promise.all(specs.map((spec) => problemsOf(spec, output, options)));
  return problems.flat();
}

/** What a task's checks ask for, in words for its prompt. */
export function requirementsOf(specs: readonly ValidatorSpec[]): string[] {
  return specs.flatMap((spec) => {
    switch (spec.kind) {
      case 'json': {
        return ['The answer is one valid JSON value.'];
      }
      case 'json-schema': {
        return [`The answer is JSON that fits this JSON Schema: ${JSON.stringify(spec.schema)}`];
      }
      case 'regex': {
        return [`The answer matches the regular expression /${spec.pattern}/${spec.flags}.`];
      }
      case 'contains': {
        return spec.text.map((text) => `The answer contains ${JSON.stringify(text)}.`);
      }
      case 'length': {
        const { min, max } = spec;
        if (min === undefined) return [`The answer has at most ${max} characters.`];
        if (max === undefined) return [`The answer has at least ${min} characters.`];
        return [`The answer has ${min} to ${max} characters.`];
      }
      case 'javascript':
      case 'typescript':
      case 'python': {
        return [`The answer is valid ${spec.kind} code.`];
      }
      case 'code':
      case 'no-secrets':
      case 'command': {
        return [];
      }
    }
  });
}

/** What is wrong with the JSON Schemas of a task, which no answer could fit. Rejects never. */
export async function problemsOfSchemas(task: TaskSpec): Promise<string[]> {
  const problems = task.validators.map(async (given) => {
    const { data: spec } = validatorSchema.safeParse(given);
    if (spec?.kind !== 'json-schema') return [];
    const tried = await inspect('json-schema', { text: 'null', schema: spec.schema });
    return tried.ok && tried.value.kind === 'unusable'
      ? [`The JSON Schema of task ${task.id} cannot be used: ${tried.value.why}.`]
      : [];
  });
  return (await Promise.all(problems)).flat();
}

/** Whether every check of a task can be read; what the schema says otherwise. */
export function problemsOfValidators(task: TaskSpec): string[] {
  return task.validators.flatMap((given) => {
    const read = validatorSchema.safeParse(given);
    return read.success ? [] : read.error.issues.map(({ message }) => message);
  });
}
