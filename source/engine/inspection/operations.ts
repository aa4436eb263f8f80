import { matchesPattern } from '../validators/pattern.ts';
import { schemaFinding } from '../validators/schema-check.ts';
import { syntaxFinding } from '../validators/syntax.ts';
import type { OperationName, Registry } from './contract.ts';
import { lightOperations } from './light-operations.ts';

/** All operations, as the worker runs them. */
export const operations: Registry<OperationName> = {
  ...lightOperations,
  matches: ({ text, pattern, flags }) => matchesPattern(pattern, flags, text),
  'json-schema': ({ text, schema }) => schemaFinding(schema, text),
  syntax: ({ text, language }) => syntaxFinding(text, language),
};
