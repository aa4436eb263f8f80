import { formatDifference, formatMoney, formatPlural } from '../../dashboard/format/index.ts';
import type { Verdict } from './verdict.ts';

type Names = { a: string; b: string; taskType: string; budgetUsd: number };

/** What it will cost, before anything is spent. */
export function priceText({
  a,
  b,
  taskType,
  budgetUsd,
  tasks,
  price,
  projectId,
}: Names & { tasks: number; price: number; projectId: string }): string {
  const most = Math.min(budgetUsd, price * tasks);
  return `${a} and ${b} answer up to ${formatPlural(tasks, 'task')} of ${taskType}: about ${formatMoney(price)} each, ${formatMoney(most)} in all, ${formatMoney(budgetUsd)} at most. It ends as soon as it is decided. Run: ${projectId}`;
}

/** What came of it. */
export function verdictText({
  a,
  b,
  taskType,
  budgetUsd,
  verdict,
  spentUsd,
  projectId,
  message = '',
}: Names & {
  verdict: Verdict;
  spentUsd: number;
  projectId: string;
  message?: string | undefined;
}): string {
  const { tasks, difference, low, high, decided } = verdict;
  const spent = `${formatMoney(spentUsd)} of ${formatMoney(budgetUsd)} spent. orchestrator runs ${projectId} shows the answers.`;
  if (difference === null || low === null || high === null) {
    return `Nothing is decided: no task was answered and judged by both. ${message} ${spent}\n`;
  }
  const measured = `${a} scored ${formatDifference(difference, 3)} against ${b} on ${formatPlural(tasks, 'task')} of ${taskType}, likely between ${formatDifference(low, 3)} and ${formatDifference(high, 3)}.`;
  return `${measured}\n${decisionText({ a, b, decided }, message)}\n${spent}\n`;
}

function decisionText(
  { a, b, decided }: { a: string; b: string; decided: Verdict['decided'] },
  message: string,
): string {
  switch (decided) {
    case 'a': {
      return `${a} is better.`;
    }
    case 'b': {
      return `${b} is better.`;
    }
    case 'equal': {
      return 'They are equal, within the tolerance of your configuration.';
    }
    case null: {
      return `It is not decided. ${message === '' ? 'It ended before.' : message} More tasks or a larger budget would settle it.`;
    }
  }
}
