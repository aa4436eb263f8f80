import { paneOf, tableIn } from '../../support/read-screen.ts';
import type { Reading } from './reading.ts';

/** Titles of columns of money, by the titles of their table that find its head. */
const tables: { keys: string[]; pane: string; head: string[]; money: string[] }[] = [
  { keys: ['1'], pane: 'MODEL RANKINGS', head: ['model', 'value'], money: ['$/k'] },
  {
    keys: ['2'],
    pane: 'ROUTES',
    head: ['goes to', 'spent'],
    money: ['$/task', 'spent', 'saves/mo'],
  },
  { keys: ['3'], pane: 'SPEND  ', head: ['spent'], money: ['answers', 'reviews', 'spent'] },
  { keys: ['3', 'right', 'right'], pane: 'SPEND  ', head: ['spent'], money: ['spent'] },
  { keys: ['3', 'J'], pane: 'JUDGES', head: ['judge', 'paid'], money: ['paid'] },
  { keys: ['5'], pane: 'RUNS', head: ['started', 'spent'], money: ['spent', 'of_budget'] },
  { keys: ['1', 'enter'], pane: 'LAST EVENTS', head: ['task', 'cost'], money: ['cost'] },
  { keys: ['2', 'enter'], pane: 'MODELS', head: ['model', 'share'], money: ['$/k_calls'] },
];

const decimalsOf = (amount: string): number => /\.(\d+)/.exec(amount)?.[1]?.length ?? 0;

/** All amounts of a column have as many decimals: none looks more exact than the one above it. */
export async function columnsAgree({ screen }: Reading): Promise<string[]> {
  const found: string[] = [];
  for (const { keys, pane: title, head, money } of tables) {
    const pane = paneOf(await screen(...keys), title);
    if (pane === undefined) continue;
    const rows = tableIn(pane, head);
    for (const column of money) {
      const amounts = rows.flatMap((row) =>
        /^<?\$?[\d,]+(?:\.\d+)?$/.test(row[column] ?? '') ? [row[column] ?? ''] : [],
      );
      const decimals = new Set(amounts.map(decimalsOf));
      if (decimals.size > 1) found.push(`${title.trim()}, ${column}: ${amounts.join(' ')}`);
    }
  }
  return found;
}

/** What a route could go to stands in the advice, with its money, and how sure it is. */
export async function alternativesAgree({ screen, json }: Reading): Promise<string[]> {
  const found: string[] = [];
  const pane = paneOf(await screen('2'), 'ROUTES');
  const rows = pane === undefined ? [] : tableIn(pane, ['share', 'spent', 'sure']);
  for (const [index, row] of rows.entries()) {
    const route = json.routes[index];
    const alternative = row['could_go_to'];
    if (route === undefined || alternative === undefined) continue;
    const advice = json.recommendations.filter(
      ({ taskType, model }) => taskType === route.taskType && model === route.model,
    );
    const firm = advice.find(({ kind }) => kind === 'switch');
    const likely = advice.find(
      ({ kind, alternative: other }) => kind === 'promising' && other !== undefined,
    );
    const wanted = firm ?? likely;
    const sure = row['sure'];
    if (wanted === undefined) {
      if (alternative !== '—' || sure !== '—')
        found.push(`${route.taskType} could go to ${alternative}, which nothing advises`);
      continue;
    }
    if (alternative === '—') found.push(`${route.taskType} could go to ${wanted.alternative}`);
    if (firm !== undefined && sure !== 'firm') found.push(`${route.taskType}: firm, not ${sure}`);
    if (firm === undefined && sure === 'firm') found.push(`${route.taskType} is not firm`);
  }
  return found;
}

/** Where no single call is known, nobody says what reviews, judges or tokens came to: not 0 either. */
export async function unknownIsNotNothing({ screen, json }: Reading): Promise<string[]> {
  if (Object.keys(json.spend.byRole).some((role) => role !== 'unknown')) return [];
  const found: string[] = [];
  const routes = await screen('2');
  const pane = paneOf(routes, 'ROUTES');
  for (const row of pane === undefined ? [] : tableIn(pane, ['share', 'spent'])) {
    if (row['reviews']?.startsWith('0') === true)
      found.push(`reviews are said to be ${row['reviews']}`);
  }
  for (const keys of [['2', 'enter'], ['3'], ['1', 'enter'], ['4']]) {
    const text = (await screen(...keys)).join('\n');
    const said = /\b0(?:\.0)?% of it reviews|\b0 tokens|judgements? +\$0|reviews 0%/.exec(text);
    if (said !== null) found.push(`${keys.join(' ')}: ${said[0]}`);
  }
  return found;
}

/** Words of the house that nobody who pays for models knows. */
const dialect =
  /\b(?:DRAWN|BELIEF|beliefs?|believed|dearer|stranger|obeys?|glimpse|posterior|propensity|too few calls)\b/i;

/** No screen, and no text, speaks in them. */
export async function wordsArePlain({ screen, plain }: Reading): Promise<string[]> {
  const found: string[] = [];
  const views = [
    ['1'],
    ['1', 'right'],
    ['1', 'enter'],
    ['1', 'c'],
    ['1', 'L'],
    ['2'],
    ['2', 'enter'],
    ['2', '+'],
    ['3'],
    ['3', 'J'],
    ['4'],
    ['4', 'enter'],
    ['5'],
    ['5', 'enter'],
    ['?'],
    [':'],
  ];
  for (const keys of views) {
    for (const line of await screen(...keys)) {
      const said = dialect.exec(line);
      if (said !== null) found.push(`${keys.join(' ')}: ${said[0]}`);
    }
  }
  for (const view of ['overview', 'by-task', 'cost'] as const) {
    const said = dialect.exec(plain(view).join('\n'));
    if (said !== null) found.push(`--plain ${view}: ${said[0]}`);
  }
  return found;
}
