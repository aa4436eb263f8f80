import { numberOf, paneOf, tableIn } from '../../support/read-screen.ts';
import { differ, type Reading } from './reading.ts';

/** Headings, and what a filter leaves below them. */
export async function countsAgree({ screen, plain, json }: Reading): Promise<string[]> {
  const found: string[] = [];
  const overview = await screen('1');
  const runs = numberOf(/^ ([\d,]+) runs?/.exec(overview[0] ?? '')?.[1]);
  found.push(...differ('runs', runs, json.summary.runs));
  const quality = /q(?:uality)? ([\d.]+)/.exec(overview[0] ?? '')?.[1];
  found.push(...differ('average quality', quality, json.summary.averageQuality ?? undefined));
  const text = plain('overview').join('\n');
  found.push(...differ('runs in --plain', /([\d,]+) runs?/.exec(text)?.[1], json.summary.runs));
  const filtered = await screen('1', '/', ...'model-1'.split(''), 'enter');
  const pane = paneOf(filtered, 'MODEL RANKINGS');
  const counts = /RANKINGS (\d+) of (\d+)/.exec(pane?.title ?? '');
  if (pane !== undefined && counts !== null) {
    const rows = tableIn(pane, ['model', 'value']).filter((row) => row['calls'] !== undefined);
    if (rows.length > Number(counts[1])) found.push(`filter: ${counts[0]} of ${rows.length}`);
    found.push(...differ('all of the filter', counts[2], json.rankings.length));
  }
  const routes = paneOf(await screen('2', '/', ...'type-1'.split(''), 'enter'), 'ROUTES');
  const heading = numberOf(/ROUTES +(\d+)/.exec(routes?.title ?? '')?.[1]);
  if (routes !== undefined && heading !== undefined) {
    const rows = tableIn(routes, ['share', 'spent']).filter((row) => row['spent'] !== undefined);
    if (rows.length > heading) found.push(`routes: ${heading} of ${rows.length}`);
  }
  const curve = paneOf(await screen('1', 'L'), 'SCORE PER TASK');
  found.push(
    ...differ(
      'runs of the curve',
      /([\d,]+) runs?/.exec(curve?.title ?? '')?.[1],
      json.summary.runs,
    ),
  );
  return found;
}

/** The number of pieces of advice, their order, and the money in and beside each sentence. */
export async function adviceAgrees({ screen, json }: Reading): Promise<string[]> {
  const found: string[] = [];
  const tab = await screen('4');
  const open = json.recommendations.filter(
    ({ kind, inForce }) => kind !== 'needs-data' && inForce !== true,
  );
  const count = open.length;
  const inTab = numberOf(/Rec\w* (\d+)/.exec(tab[1] ?? '')?.[1]) ?? 0;
  found.push(...differ('advice in the tab', inTab, count));
  const pane = paneOf(tab, 'RECOMMENDATIONS');
  if (pane === undefined) return found;
  found.push(
    ...differ('advice in the heading', /RECOMMENDATIONS +(\d+)/.exec(pane.title)?.[1], count),
  );
  const beside = pane.lines.flatMap(
    (line) => /(?:may save|saves) about (\$[\d.,]+)\/mo *$/.exec(line)?.[1] ?? [],
  );
  const amounts = beside.map((text) => numberOf(text) ?? 0);
  // What a run does already stands below, in an order of its own.
  const todo = open.filter(({ monthlySavingsUsd = 0 }) => monthlySavingsUsd >= 0.01).length;
  const isInOrder = (ones: readonly number[]): boolean =>
    ones.every((amount, index) => amount <= (ones[index - 1] ?? Infinity) + 0.005);
  if (!isInOrder(amounts.slice(0, todo)) || !isInOrder(amounts.slice(todo)))
    found.push(`advice is not in the order of money: ${beside.join(' ')}`);
  for (const { message, monthlySavingsUsd } of json.recommendations) {
    if (monthlySavingsUsd === undefined) continue;
    const said = /about (\$[\d.,]+)\/mo/.exec(message)?.[1];
    found.push(...differ('saving in a sentence', said, monthlySavingsUsd));
    const bounds = /about (\$[\d.,]+)\/mo \((\$[\d.,]+) to (\$[\d.,]+)\)/.exec(message);
    const [low, value, high] = [bounds?.[2], bounds?.[1], bounds?.[3]].map(numberOf);
    if (
      low !== undefined &&
      value !== undefined &&
      high !== undefined &&
      !(low <= value && value <= high)
    )
      found.push(`a saving outside its bounds: ${bounds?.[0]}`);
  }
  return found;
}

/** A run in the list of runs and in the spend by project. */
export async function runsAgree({ screen, json }: Reading): Promise<string[]> {
  const found: string[] = [];
  const pane = paneOf(await screen('5'), 'RUNS');
  const paid = new Map(json.spend.byProject.map((row) => [row.projectId, row.costUsd]));
  for (const line of pane?.lines ?? []) {
    const id = [...paid.keys()].find((one) => line.includes(` ${one} `));
    const spent = /(\$[\d.,]+) of/.exec(line)?.[1];
    if (id !== undefined) found.push(...differ(`run ${id}`, spent, paid.get(id)));
  }
  return found;
}

/** What a what-if says of the money of the header. */
export async function whatIfAgrees({ screen, json }: Reading): Promise<string[]> {
  const shown = (await screen('2', '+')).join('\n');
  const paid = /paid: (\$[\d.,]+) a month/.exec(shown)?.[1];
  return differ('paid in the what-if', paid, (json.spend.totalUsd * 30) / json.paceDays);
}
