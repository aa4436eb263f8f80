export {
  factKinds,
  fieldsOf,
  openFactRows,
  type FactKind,
  type FactRow,
  type FactRows,
  type Facts,
  type FieldType,
} from './fact-rows.ts';
export { openFacts } from './facts.ts';
export type { ImportedRecord, Importer } from './import-record.ts';
export { openHistoryImporter } from './open-importer.ts';
