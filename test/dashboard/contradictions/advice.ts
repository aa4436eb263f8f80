import { paneOf, tableIn } from '../../support/read-screen.ts';
import { differ, type Reading } from './reading.ts';

/** The sentences of a screen without the frames around them. */
const textOf = (screen: readonly string[]): string =>
  screen
    .map((line) => line.replaceAll(/[│╭╮╰╯]/g, ' '))
    .join(' ')
    .replaceAll(/\s+/g, ' ');

/** Numbers behind a piece of advice on its own screen, those that follow from one another among them. */
export async function evidenceAgrees({ screen, json }: Reading): Promise<string[]> {
  const found: string[] = [];
  const open = [...json.recommendations]
    .filter(({ kind, inForce }) => kind !== 'needs-data' && inForce !== true)
    .slice(0, 4);
  for (const [index, advice] of open.entries()) {
    const { kind, evidence, monthlySavingsUsd } = advice;
    const { low, high, margin, volume, paceDays, costUsd, costAlternativeUsd } = evidence;
    const name = `${kind} ${advice.taskType}`;
    const keys = Array.from({ length: index }, () => 'down');
    const shown = textOf(await screen('4', 'g', ...keys, 'enter'));
    if (!shown.includes(kind) && kind !== 'promising') found.push(`${name}: another is open`);
    if (margin !== undefined && low !== undefined) {
      const isFirm = /so this is firm/.test(shown);
      if (isFirm !== (kind === 'switch')) found.push(`${name}: ${isFirm ? '' : 'not '}firm`);
      if (kind === 'switch' && low <= -margin) found.push(`${name}: firm, its bar from ${low}`);
      const bounds = /between ([+−±][\d.]+) and ([+−±][\d.]+)/.exec(shown);
      const [from, to] = [bounds?.[1], bounds?.[2]].map((text) => text?.replace('±', '+'));
      found.push(...differ(`${name}: low`, from?.replace('−', '-').replace('+', ''), low));
      found.push(...differ(`${name}: high`, to?.replace('−', '-').replace('+', ''), high));
    }
    if (/y copies the configuration/.test(shown) && kind === 'promising')
      found.push(`${name}: a configuration for what is not firm`);
    if (monthlySavingsUsd === undefined || volume === undefined || paceDays === undefined) continue;
    const saving = (((costUsd ?? 0) - (costAlternativeUsd ?? 0)) * volume * 30) / paceDays;
    found.push(...differ(`${name}: saving and its formula`, monthlySavingsUsd, saving));
    found.push(...differ(`${name}: days`, paceDays, json.paceDays));
    const divided = / × 30 \/ (\d+)/.exec(shown)?.[1];
    found.push(...differ(`${name}: days on its screen`, divided, paceDays));
  }
  return found;
}

/** How sure a route's alternative is, and what a run's shares of money are called. */
export async function surenessAgrees({ screen, json }: Reading): Promise<string[]> {
  const found: string[] = [];
  const pane = paneOf(await screen('2'), 'ROUTES');
  for (const row of pane === undefined ? [] : tableIn(pane, ['share', 'spent', 'sure'])) {
    const sure = row['sure'];
    if (sure !== undefined && !['firm', 'not', 'not yet', '—'].includes(sure))
      found.push(`${row['task_type']}: sure ${sure}`);
  }
  const head = (await screen('1'))[0] ?? '';
  if (/(?:^|│) [A-Z][a-z]+ \$/.test(head)) found.push(`a month without its name: ${head}`);
  const days = json.paceDays;
  if (days > json.window.days) found.push(`a pace of ${days} days in ${json.window.days}`);
  return found;
}

/** Advice that was opened in one window, in another: what is said of it never is that the data changed. */
export async function windowIsNamed({ screen, json }: Reading): Promise<string[]> {
  if (!json.recommendations.some(({ kind }) => kind !== 'needs-data')) return [];
  const shorter = textOf(await screen('4', 'g', 'enter', '['));
  const isRead = /does not support this advice any more/.test(shorter);
  // Back in the window that the others are of.
  await screen('4', ']');
  return isRead ? ['advice of a shorter window is said to be refuted'] : [];
}
