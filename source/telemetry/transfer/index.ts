export {
  factKinds,
  fieldsOf,
  openFactRows,
  type FactKind,
  type FactRow,
  type FactRows,
  type FieldType,
} from './fact-rows.ts';
export { openFacts } from './facts.ts';
export { openImporter, type ImportedRecord, type Importer } from './importer.ts';
