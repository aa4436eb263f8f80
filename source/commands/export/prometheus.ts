import type { Confidence } from '../../domain/confidence.ts';
import type { CellHistory, HistoricalProfile } from '../../domain/profile.ts';

/** One metric of every (model, task type); all are of the 90 days that routing learns from. */
type Metric = {
  name: string;
  help: string;
  value: (profile: HistoricalProfile) => number;
};

const levels: Record<Confidence, number> = { COLD: 0, WARM: 1, HOT: 2 };

const metrics: readonly Metric[] = [
  {
    name: 'orchestrator_quality_ratio',
    help: 'Mean quality of the attempts of a model at a task type, weighted by age, from 0 to 1.',
    value: ({ qualityScore }) => qualityScore,
  },
  {
    name: 'orchestrator_trust_ratio',
    help: 'Reliability factor of a model at a task type, from 0 to 1.',
    value: ({ trustFactor }) => trustFactor,
  },
  {
    name: 'orchestrator_success_ratio',
    help: 'Share of attempts that did not end in an error.',
    value: ({ successRate }) => successRate,
  },
  {
    name: 'orchestrator_attempts',
    help: 'Attempts in the last 90 days.',
    value: ({ callCount }) => callCount,
  },
  {
    name: 'orchestrator_failed_attempts',
    help: 'Attempts in the last 90 days that ended in an error.',
    value: ({ failureCount }) => failureCount,
  },
  {
    name: 'orchestrator_invalid_attempts',
    help: 'Attempts in the last 90 days whose answer failed a deterministic validator.',
    value: ({ validatorFailCount }) => validatorFailCount,
  },
  {
    name: 'orchestrator_attempt_cost_usd',
    help: 'Mean dollars per attempt, without reviews and judgements.',
    value: ({ avgCostUsd }) => avgCostUsd,
  },
  {
    name: 'orchestrator_latency_seconds',
    help: 'Mean seconds per attempt.',
    value: ({ avgLatencyMs }) => avgLatencyMs / 1000,
  },
  {
    name: 'orchestrator_latency_p95_seconds',
    help: 'Weighted mean of the 95th percentiles of latency of runs.',
    value: ({ latencyP95Ms }) => latencyP95Ms / 1000,
  },
  {
    name: 'orchestrator_confidence_level',
    help: 'How much is known: 0 is COLD, 1 is WARM, 2 is HOT.',
    value: ({ confidence }) => levels[confidence],
  },
];

/** What was learned, in the text format of Prometheus (0.0.4): for its textfile collector, or any scraper. */
export function prometheusText(cells: readonly CellHistory[], now: number): string {
  const byLabels = cells.map(({ model, taskType, profile }) => ({
    labels: `{model="${escaped(model)}",task_type="${escaped(taskType)}"}`,
    profile,
  }));
  const blocks = metrics.map(({ name, help, value }) => {
    // What is not known has no sample.
    const samples = byLabels.flatMap(({ labels, profile }) => {
      const number = value(profile);
      return Number.isFinite(number) ? [`${name}${labels} ${number}`] : [];
    });
    return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples].join('\n');
  });
  const time = 'orchestrator_export_timestamp_seconds';
  const written = `# HELP ${time} When this was written, in Unix seconds.\n# TYPE ${time} gauge\n${time} ${now}`;
  return `${[...blocks, written].join('\n')}\n`;
}

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
