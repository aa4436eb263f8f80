import { decisiveByTask, type RecordedOutcome } from '../../domain/outcome.ts';
import { averageOf } from '../../domain/run-digest.ts';
import type { AttemptReport, RunReport, TaskReport } from '../../domain/run-report.ts';
import {
  elsewhereText,
  formatCount,
  formatLatency,
  formatMoment,
  formatMoney,
  formatPlural,
  formatQuality,
  formatQualityWords,
  formatScoreWords,
  formatTaskScore,
} from '../../dashboard/format/index.ts';
import { cleanText, cutEnd, wrapText } from '../../dashboard/text/index.ts';
import { standingWords } from './render-runs.ts';

/** Of a critique and of what a judge wrote; all of it is in `--json` and in the journal. */
const longestRemark = 600;
const usualWidth = 100;
const widest = 120;

/** One run as people read it. */
export function renderRun(
  { report, outcomes }: { report: RunReport; outcomes: readonly RecordedOutcome[] },
  columns: number | undefined,
): string {
  const width = Math.min(columns ?? usualWidth, widest);
  const { overview, project, tasks, message, journal, resultsFolder, simulated } = report;
  const { projectId, startedAt, status, spentUsd, budgetUsd } = overview;
  const lines = [
    `${cleanText(projectId)}  ${standingWords[status]}${simulated ? '  SIMULATED' : ''}`,
    ...wrapText(cleanText(project), width).slice(0, 3),
    `Started ${formatMoment(startedAt)}, ${formatPlural(tasks.length, 'task')}, ${qualityWords(report, outcomes)}, ${formatMoney(spentUsd)}${budgetUsd > 0 || overview.elsewhere === undefined ? ` of ${formatMoney(budgetUsd)}` : ''} spent`,
    ...(message === undefined ? [] : wrapText(cleanText(message), width)),
    ...tasks.flatMap((task) => [
      '',
      ...taskLines(task, { width, isInterrupted: status === 'interrupted' }),
      ...outcomes
        .filter(({ taskId }) => taskId === task.taskId)
        .flatMap((outcome) => indented(outcomeText(outcome), width, 2)),
    ]),
    '',
    ...(resultsFolder === null ? [] : [`Results: ${cleanText(resultsFolder)}`]),
    ...(journal === null ? [] : [`Journal: ${cleanText(journal)}`]),
    ...(overview.elsewhere === undefined ? [] : [cleanText(elsewhereText(overview.elsewhere))]),
    ...(status !== 'running' && report.resumable
      ? [`Resume with: orchestrator run --resume ${projectId}`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** What judges scored, and where something was found of results, what the run counts with instead. */
function qualityWords(
  { overview: { averageQuality }, tasks }: RunReport,
  outcomes: readonly RecordedOutcome[],
): string {
  const found = decisiveByTask(outcomes);
  const judged = formatQualityWords(averageQuality);
  if (!tasks.some(({ taskId }) => found.has(taskId))) return judged;
  const counted = averageOf(
    tasks.map(({ taskId, score }) => ({ score: found.get(taskId)?.value ?? score })),
  );
  return `${judged} by judges and ${formatQuality(counted)} with outcomes`;
}

function outcomeText({ source, value, note }: RecordedOutcome): string {
  const said = value === null ? 'what was found is withdrawn' : `found ${value}`;
  return `Outcome (${source}): ${said}${note === null ? '' : `, ${note}`}`;
}

function taskLines(
  task: TaskReport,
  { width, isInterrupted }: { width: number; isInterrupted: boolean },
): string[] {
  const { taskId, taskType, status, model, score, costUsd, inputTokens, outputTokens } = task;
  const { attempts, error, file } = task;
  const facts = [
    // What was at work when its process died is at work no more.
    isInterrupted && status === 'running' ? 'interrupted' : status.replace('-', ' '),
    ...(model === null ? [] : [cleanText(model)]),
    ...(attempts.length === 0 ? [] : [scoreWords(score, taskType)]),
    formatMoney(costUsd),
    ...(inputTokens === null || outputTokens === null
      ? []
      : [`${formatCount(inputTokens)} tokens in, ${formatCount(outputTokens)} out`]),
  ];
  return [
    `${cleanText(taskId)}  ${cleanText(taskType)}  ${facts.join(', ')}`,
    ...(error === undefined ? [] : indented(error, width, 2)),
    ...attempts.flatMap((attempt) => attemptLines(attempt, taskType, width)),
    ...(file === null ? [] : [`  File: ${cleanText(file)}`]),
  ];
}

/** With as many digits as tell it from the score from which the type is accepted. */
const scoreWords = (score: number | null, taskType: string): string =>
  score === null ? formatScoreWords(score) : `score ${formatTaskScore(score, taskType)}`;

function attemptLines(attempt: AttemptReport, taskType: string, width: number): string[] {
  const { attempt: number, model, score, failed, costUsd, latencyMs, failedChecks } = attempt;
  const outcome = failed ? 'failed' : scoreWords(score, taskType);
  return [
    `  ${number}. ${cleanText(model)}  ${outcome}, ${formatMoney(costUsd)}, ${formatLatency(latencyMs)}`,
    ...(attempt.error === undefined ? [] : indented(attempt.error, width)),
    ...failedChecks.flatMap((check) => indented(`Check failed: ${check}`, width)),
    ...attempt.critiques.flatMap(({ model: critic, text }) =>
      remark(`${critic} wrote`, text, width),
    ),
    ...attempt.judgements.flatMap(({ model: judge, score: given, text }) =>
      remark(`${judge} judged (${scoreWords(given, taskType)})`, text, width),
    ),
    ...(attempt.followedBecause === undefined
      ? []
      : indented(`Followed by another: ${attempt.followedBecause}`, width)),
  ];
}

const remark = (who: string, text: string, width: number): string[] =>
  indented(`${who}: ${cutEnd(text.replaceAll(/\s+/g, ' ').trim(), longestRemark)}`, width);

const indented = (text: string, width: number, by = 5): string[] =>
  wrapText(cleanText(text), width - by).map((line) => ' '.repeat(by) + line);
