export {
  factKinds,
  fieldsOf,
  openFactRows,
  type FactKind,
  type FactRow,
  type FactRows,
} from './fact-rows.ts';
export { openImporter, type ImportedRecord, type Importer } from './importer.ts';
