import {
  factKinds,
  fieldsOf,
  type FactRow,
  type FieldType,
} from '../../telemetry/transfer/index.ts';
import { cellOf } from './text-formats.ts';

/** Of a row group: read, and held in memory, at once. */
const rowsPerGroup = 20_000;

const parquetTypes = {
  text: 'STRING',
  integer: 'INT64',
  number: 'DOUBLE',
  flag: 'BOOLEAN',
} as const;

/** Writes facts as one table into a file that is there and empty. `pause` may end it by answering false. */
export async function writeParquet(
  path: string,
  pages: AsyncIterable<readonly FactRow[]>,
  names: readonly string[],
  pause: () => Promise<boolean>,
): Promise<void> {
  const { ParquetWriter, fileWriter, schemaFromColumnData } = await import('hyparquet-writer');
  const types = new Map<string, FieldType>(
    factKinds.flatMap((kind) => fieldsOf(kind).map(({ name, type }) => [name, type])),
  );
  const columns = names.map((name) => ({ name, type: types.get(name) ?? 'text' }));
  const columnData = (group: readonly FactRow[]) =>
    columns.map(({ name, type }) => ({
      name,
      type: parquetTypes[type],
      data: group.map((fact) => valueOf(type, cellOf(fact, name))),
    }));
  const schema = schemaFromColumnData({ columnData: columnData([]) });
  const writer = new ParquetWriter({ writer: fileWriter(path), schema, createdBy: 'orchestrator' });
  let group: FactRow[] = [];
  const flush = async (): Promise<void> => {
    if (group.length === 0) return;
    await writer.write({ columnData: columnData(group), rowGroupSize: rowsPerGroup });
    group = [];
  };
  for await (const page of pages) {
    for (const row of page) group.push(row);
    if (group.length >= rowsPerGroup) await flush();
    if (!(await pause())) return;
  }
  await flush();
  await writer.finish();
}

/** Null for what is unknown, and for what a broken row has in place of such a value. */
function valueOf(type: FieldType, value: string | number | boolean | null) {
  if (value === null) return null;
  switch (type) {
    case 'text':
      return String(value);
    case 'integer':
      return Number.isSafeInteger(value) ? BigInt(Number(value)) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'flag':
      return typeof value === 'boolean' ? value : null;
  }
}
