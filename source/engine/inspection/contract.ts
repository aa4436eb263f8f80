import type { TaskType } from '../../domain/task-type.ts';
import type { ReadPlan } from '../project/read-plan.ts';
import type { AnswerText } from '../reading/answer-text.ts';
import type { Judgement } from '../reading/judgement.ts';
import type { ResultFile } from '../results/file-name.ts';
import type { CodeBlock } from '../validators/payload.ts';
import type { SchemaFinding } from '../validators/schema-check.ts';
import type { CheckedLanguage } from '../validators/languages.ts';
import type { SyntaxFinding } from '../validators/syntax.ts';

/**
 * Everything that is ever asked about a model's answer, by name: what goes in and what comes out, both
 * plain data, since they cross between threads. One line here and one in a registry add an operation.
 */
export type Contract = {
  /** An answer without the reasoning that some models write in front of it; `request` is what was asked. */
  'answer-text': { input: { text: string; request: string }; output: AnswerText };
  /** The score in a judge's answer, beside what it was shown; `cut`: the answer ends before its end. */
  judgement: { input: { answer: string; material: string; cut: boolean }; output: Judgement };
  /** The tasks in a planner's answer, or what is wrong with it. */
  plan: { input: { answer: string; ownTaskTypes: readonly string[] }; output: ReadPlan };
  /** The text itself, or what is in its fence where it is one fenced block and nothing else. */
  payload: { input: { text: string }; output: CodeBlock };
  /** What becomes of an output in a file. */
  'result-file': { input: { text: string; taskType: TaskType }; output: ResultFile };
  /** A text in which nothing reads as a tag of ours, and back; see `section`. */
  'escape-tags': { input: { text: string }; output: string };
  'unescape-tags': { input: { text: string }; output: string };
  /** Whether a text is JSON, alone or in one fence. */
  'is-json': { input: { text: string }; output: boolean };
  /** Those of the words that the text does not contain. */
  'missing-words': { input: { text: string; words: readonly string[] }; output: string[] };
  /** Length in characters, as a reader counts code points. */
  length: { input: { text: string }; output: number };
  /** Whether a text holds one of the user's keys, or what looks like a key. */
  'holds-secret': { input: { text: string; secrets: readonly string[] }; output: boolean };
  /** Whether a pattern of the user's matches. */
  matches: { input: { text: string; pattern: string; flags: string }; output: boolean };
  /** What a JSON Schema of the user's says of a text. */
  'json-schema': {
    input: { text: string; schema: Record<string, unknown> };
    output: SchemaFinding;
  };
  /** What is wrong with the code in a text; Python comes back as it is, for an interpreter. */
  syntax: { input: { text: string; language: CheckedLanguage }; output: SyntaxFinding };
};

export type OperationName = keyof Contract;
export type InputOf<Name extends OperationName> = Contract[Name]['input'];
export type OutputOf<Name extends OperationName> = Contract[Name]['output'];

/** Operations whose time grows with their text and no faster, of modules that load nothing heavy. */
export type LightName = Exclude<OperationName, 'matches' | 'json-schema' | 'syntax'>;

/** One function for each of the named operations. */
export type Registry<Names extends OperationName> = {
  readonly [Name in Names]: (input: InputOf<Name>) => OutputOf<Name> | Promise<OutputOf<Name>>;
};

/** As {@link Registry}, of operations that answer at once. */
export type SynchronousRegistry<Names extends OperationName> = {
  readonly [Name in Names]: (input: InputOf<Name>) => OutputOf<Name>;
};
