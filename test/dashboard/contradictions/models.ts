import { numberOf, paneOf, tableIn, type ReadPane } from '../../support/read-screen.ts';
import { differ, named, present, type Json, type Reading } from './reading.ts';

type Row = Record<string, string | undefined>;

const modelsIn = ({ rankings }: Json): string[] => rankings.map(({ model }) => model);

/** Rows of the rankings by their model. */
function rowsBy(pane: ReadPane | undefined, titles: string[], models: string[]): Map<string, Row> {
  const rows = pane === undefined ? [] : tableIn(pane, titles);
  return new Map(
    rows.flatMap((row) => {
      const model = named(row['model'], models);
      return model === undefined ? [] : [[model, row] as const];
    }),
  );
}

/** A model in the rankings, the bars or points, the text, the JSON and its own view. */
export async function modelsAgree({ screen, plain, json }: Reading): Promise<string[]> {
  const found: string[] = [];
  const models = modelsIn(json);
  const known = new Map(json.rankings.map((row) => [row.model, row]));
  const overview = await screen('1');
  const rows = rowsBy(paneOf(overview, 'MODEL RANKINGS'), ['model', 'value'], models);
  if (models.length > 0 && rows.size === 0) found.push('no ranking could be read');
  const text = plain('overview').join('\n');
  for (const [model, row] of rows) {
    const of = known.get(model);
    const calls = row['calls'];
    found.push(...differ(`${model} calls`, calls, of?.callCount));
    found.push(...differ(`${model} $/k`, row['$/k'], 1000 * (of?.averageCostUsd ?? NaN)));
    found.push(...differ(`${model} quality`, row['quality'], of?.qualityScore ?? undefined));
    const isCold = of?.confidence === 'COLD';
    if (!isCold)
      found.push(...differ(`${model} value`, row['value'], (of?.valueScore ?? NaN) / 1000));
    const bounds = /^([\d.]+)–([\d.]+)$/.exec(row['95%'] ?? '');
    const quality = numberOf(row['quality']);
    if (bounds !== null && quality !== undefined) {
      if (quality < Number(bounds[1]) - 0.001 || quality > Number(bounds[2]) + 0.001)
        found.push(`${model}: ${quality} is not in ${row['95%']}`);
    }
    const line = text.split('\n').find((one) => one.includes(` ${model} `)) ?? '';
    if (!isCold) {
      found.push(
        ...differ(`${model} quality in --plain`, /q:([\d.]+)/.exec(line)?.[1], row['quality']),
      );
      found.push(
        ...differ(`${model} $/k in --plain`, /(\$[\d.,]+)\/k/.exec(line)?.[1], row['$/k']),
      );
    }
  }
  const bars = paneOf(await screen('1', 'right', 'right'), 'COST');
  const shownBars = bars?.lines ?? [];
  for (const line of shownBars) {
    const cells = /^[ ❯]*(\S+) +[^\d]*([\d.]+) +([\d.,]+) *$/.exec(line);
    const row = rows.get(named(cells?.[1], models) ?? '');
    if (cells === null || row === undefined) continue;
    if (row['value'] !== 'data')
      found.push(...differ(`${cells[1]} value in bars`, cells[2], row['value']));
    found.push(...differ(`${cells[1]} $/k in bars`, cells[3], row['$/k']));
  }
  for (let index = 0; index < Math.min(3, models.length); index += 1) {
    found.push(...(await modelView(await screen('g', ...down(index), 'enter'), known)));
  }
  return [...found, ...(await leadersAgree(overview, json))];
}

const down = (count: number): string[] => Array.from({ length: count }, () => 'down');

async function modelView(
  screen: string[],
  known: ReadonlyMap<string, Json['rankings'][number]>,
): Promise<string[]> {
  const found: string[] = [];
  const model = /› (\S+)/.exec(screen[1] ?? '')?.[1] ?? '';
  const of = known.get(model);
  const head = screen[2] ?? '';
  if (of === undefined) return [];
  found.push(
    ...differ(`${model}: calls in its view`, /([\d,]+) calls/.exec(head)?.[1], of.callCount),
  );
  found.push(
    ...differ(
      `${model}: quality in its view`,
      /quality ([\d.]+)/.exec(head)?.[1],
      of.qualityScore ?? undefined,
    ),
  );
  found.push(
    ...differ(
      `${model}: cost in its view`,
      /(\$[\d.,]+)\/k/.exec(head)?.[1],
      1000 * of.averageCostUsd,
    ),
  );
  const cells = screen.flatMap((line) => {
    const row = /^│ (\S+) +│ +([\d.—]+) │ +([\d,]+) │ +([\d.,]+) │ (\d+) of (\d+)/.exec(line);
    return row === null ? [] : [row];
  });
  const calls = cells.reduce((sum, row) => sum + (numberOf(row[3]) ?? 0), 0);
  if (calls > of.callCount)
    found.push(`${model}: its task types have ${calls} of ${of.callCount} calls`);
  for (const row of cells) {
    if (Number(row[5]) > Number(row[6])) found.push(`${model}: rank ${row[5]} of ${row[6]}`);
  }
  return found;
}

async function leadersAgree(overview: string[], json: Json): Promise<string[]> {
  const found: string[] = [];
  const lines = paneOf(overview, 'TASK-TYPE LEADERS')?.lines ?? [];
  const leaders = Object.values(json.leaders);
  for (const line of lines) {
    const cells = /^[ ❯]*(\S+) +(\S+) +([01]\.\d\d) +([●○·])/.exec(line);
    if (cells === null) continue;
    const fitting = leaders.filter(({ model }) => named(cells[2], [model]) !== undefined);
    const isOne = fitting.some(
      ({ qualityScore, confidence }) =>
        differ('', cells[3], qualityScore).length === 0 &&
        { HOT: '●', WARM: '○', COLD: '·' }[confidence] === cells[4],
    );
    if (!isOne) found.push(`leader ${line.trim()} is not in --json`);
  }
  return found;
}

/** A route in its tab, beside the leaders, in its own view and in the JSON. */
export async function routesAgree({ screen, json }: Reading): Promise<string[]> {
  const found: string[] = [];
  const tab = paneOf(await screen('2'), 'ROUTES');
  if (tab === undefined) return [];
  const count = numberOf(/ROUTES +([\d,]+)/.exec(tab.title)?.[1]);
  found.push(...differ('task types', count, json.routes.length));
  const rows = tableIn(tab, ['share', 'spent']);
  if (rows.length === 0 && json.routes.length > 0) found.push('no route could be read');
  const beside = (paneOf(await screen('1'), 'TASK-TYPE LEADERS')?.lines ?? []).join('\n');
  for (const [index, row] of rows.entries()) {
    const route = json.routes[index];
    if (route === undefined) continue;
    const what = route.taskType;
    if (named(row['goes_to'], [route.model]) === undefined)
      found.push(`${what} goes to ${row['goes_to']}, and to ${route.model}`);
    found.push(...differ(`${what} share`, row['share'], 100 * route.share));
    found.push(...differ(`${what} spent`, row['spent'], route.spentUsd));
    found.push(...differ(`${what} $/task`, row['$/task'], route.taskCostUsd ?? undefined));
    if ((numberOf(row['share']) ?? 0) > 100) found.push(`${what}: ${row['share']} of its tasks`);
    const line = beside.split('\n').find((one) => one.trim().startsWith(`${row['task_type']} `));
    found.push(
      ...differ(`${what} beside its leader`, /(\$[\d.,]+)/.exec(line ?? '')?.[1], row['spent']),
    );
    if (index < 3) found.push(...routeView(await screen('2', 'g', ...down(index), 'enter'), row));
  }
  return found;
}

function routeView(screen: string[], row: Row): string[] {
  const found: string[] = [];
  const what = row['task_type'] ?? '';
  const head = screen[2] ?? '';
  if (!head.includes(`${row['goes_to']?.split('…')[0]}`)) found.push(`${what}: ${head}`);
  found.push(
    ...differ(`${what}: share in its view`, /([\d.]+%) of its tasks/.exec(head)?.[1], row['share']),
  );
  found.push(
    ...differ(`${what}: spent in its view`, /(\$[\d.,]+) spent/.exec(head)?.[1], row['spent']),
  );
  const pane = paneOf(screen, 'MODELS');
  const rows = pane === undefined ? [] : tableIn(pane, ['model', 'share']);
  const shares = rows.map((one) => numberOf(one['share'])).filter(present);
  const all = shares.reduce((sum, share) => sum + share, 0);
  if (all > 100 + 0.5 * shares.length) found.push(`${what}: shares come to ${all}%`);
  const [first] = rows;
  if (first !== undefined && first['#'] === '1') {
    if (
      named(first['model'], [row['goes_to'] ?? '']) === undefined &&
      !row['goes_to']?.includes('…')
    )
      found.push(`${what} goes to ${row['goes_to']}, and the first is ${first['model']}`);
    found.push(...differ(`${what}: share of the first`, first['share'], row['share']));
  }
  const gets = /^ (\S+) gets it/.exec(screen[3] ?? '')?.[1];
  if (gets !== undefined && row['goes_to']?.includes('…') === false && gets !== row['goes_to'])
    found.push(`${what} goes to ${row['goes_to']}, and ${gets} gets it`);
  return found;
}
