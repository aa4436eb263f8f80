import { numberOf, paneOf, tableIn } from '../../support/read-screen.ts';
import { differ, differSum, present, type Reading } from './reading.ts';

const headerTotal = (screen: readonly string[]): string | undefined =>
  /(\$[\d.,]+)(?: total)?/.exec(screen[0] ?? '')?.[1];

/** The header, the Cost tab, its rows by whatever they are told, the text and the JSON. */
export async function moneyAgrees({ screen, plain, json }: Reading): Promise<string[]> {
  const found: string[] = [];
  const overview = await screen('1');
  const total = headerTotal(overview);
  found.push(...differ('total of the header and --json', total, json.summary.totalCostUsd));
  found.push(
    ...differ('total and spend of --json', json.summary.totalCostUsd, json.spend.totalUsd),
  );
  const text = plain('cost');
  found.push(
    ...differ('header and --plain', total, /(\$[\d.,]+) total/.exec(text.join('\n'))?.[1]),
  );
  found.push(
    ...differ(
      '--plain: header and SPEND',
      total,
      /SPEND {2}(\$[\d.,]+)/.exec(text.join('\n'))?.[1],
    ),
  );
  for (const [index, by] of ['model', 'role', 'run', 'day'].entries()) {
    const shown = await screen('3', ...Array.from({ length: index }, () => 'right'));
    const pane = paneOf(shown, 'SPEND  ');
    if (pane === undefined) continue;
    const heading = /SPEND {2}(\$[\d.,]+)/.exec(pane.title)?.[1];
    found.push(...differ('header and SPEND', headerTotal(shown), heading));
    const rows = tableIn(pane, ['spent']);
    const count = numberOf(new RegExp(String.raw`([\d,]+) ${by}s?$`).exec(pane.title)?.[1]);
    const spent = rows.map((row) => row['spent']).filter(present);
    // More of them than there is room for cannot be added up.
    if (count === rows.length) found.push(...differSum(`spend by ${by}`, spent, heading));
    else if (rows.length > (count ?? 0)) found.push(`spend by ${by}: ${count} of ${rows.length}`);
    const shares = pane.lines.flatMap((line) => / (\d+)% *$/.exec(line)?.[1] ?? []);
    const all = shares.reduce((sum, share) => sum + Number(share), 0);
    if (all > 100 + 0.5 * shares.length) found.push(`shares by ${by} come to ${all}%`);
    const month = shown.join(' ');
    const inHeader = /(?:│ )[A-Z][a-z]+ (\$[\d.,]+)(?: of|,)/.exec(shown[0] ?? '')?.[1];
    found.push(
      ...differ('month of header and pane', inHeader, /: (\$[\d.,]+) so far/.exec(month)?.[1]),
    );
    found.push(
      ...differ(
        'month of pane and --json',
        /: (\$[\d.,]+) so far/.exec(month)?.[1],
        json.month.spentUsd,
      ),
    );
    const forecast = /so far, about (\$[\d.,]+) by/.exec(month)?.[1];
    if (forecast !== undefined) {
      found.push(
        ...differ('forecast of pane and --json', forecast, json.month.forecastUsd ?? undefined),
      );
      found.push(
        ...differ(
          'forecast of header and pane',
          /, about (\$[\d.,]+) by/.exec(shown[0] ?? '')?.[1],
          forecast,
        ),
      );
    }
  }
  const parts = [json.spend.byModel, json.spend.byDay, json.spend.byProject].map((rows) =>
    rows.reduce((sum, { costUsd }) => sum + costUsd, 0),
  );
  const roles = Object.values(json.spend.byRole).reduce((sum, costUsd) => sum + costUsd, 0);
  for (const part of [...parts, roles]) {
    if (Math.abs(part - json.spend.totalUsd) > 1e-9)
      found.push(`--json: ${part} of ${json.spend.totalUsd}`);
  }
  return found;
}

/** What roles, judges and the sentence of supervision say of the same money. */
export async function judgesAgree({ screen, json }: Reading): Promise<string[]> {
  const found: string[] = [];
  const cost = await screen('3');
  const roles = paneOf(cost, 'WHAT IT WAS FOR')?.lines ?? [];
  const paidFor = (role: string): string | undefined =>
    new RegExp(String.raw`${role} .*?(\$[\d.,]+)`).exec(roles.join('\n'))?.[1];
  const { critic = 0, judge = 0 } = json.spend.byRole;
  if (judge > 0) found.push(...differ('judgements and --json', paidFor('judgements'), judge));
  const share = /Critiques and judgements: ([\d.]+%)/.exec(
    roles.join(' ').replaceAll(/\s+/g, ' '),
  )?.[1];
  found.push(
    ...differ('share of supervision', share, (100 * (critic + judge)) / json.spend.totalUsd),
  );
  const judges = paneOf(await screen('3', 'J'), 'JUDGES');
  if (judges !== undefined) {
    const rows = tableIn(judges, ['judge', 'paid']);
    const count = numberOf(/JUDGES +(\d+)/.exec(judges.title)?.[1]) ?? 0;
    const paid = rows.map((row) => row['paid']).filter(present);
    if (count === rows.length && count > 0)
      found.push(...differSum('judges', paid, paidFor('judgements')));
    if (rows.length > count && count > 0) found.push(`judges: ${count} of ${rows.length}`);
  }
  const routes = paneOf(await screen('2'), 'ROUTES');
  if (routes !== undefined && json.routes.length > 0) {
    const spent = json.routes.reduce((sum, { spentUsd }) => sum + spentUsd, 0);
    const planning = json.spend.byRole['planner'] ?? 0;
    if (Math.abs(spent + planning - json.spend.totalUsd) > 1e-6)
      found.push(`routes ${spent} and planning ${planning} are not ${json.spend.totalUsd}`);
    found.push(
      ...differ('heading of Routes', /(\$[\d.,]+):/.exec(routes.title)?.[1], json.spend.totalUsd),
    );
  }
  return found;
}
