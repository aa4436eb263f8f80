import type { ModelRanking } from '../../domain/insight.ts';
import type { JudgeAgreement } from '../../domain/outcome.ts';
import type { Clock } from '../../domain/runtime.ts';
import { listModels, type Environment, type ProvidersSettings } from '../../providers/index.ts';
import { modelRows } from './model-row.ts';
import { renderModels } from './render-models.ts';

/** The window of the history that is shown, in days. */
const historyDays = 30;

/** What `orchestrator models` prints. Rejects with `bad-configuration`, or as `rankings` does. */
export async function runModels(options: {
  settings: ProvidersSettings;
  environment: Environment;
  clock: Clock;
  /** What history says of models in the last days; empty without a history. */
  rankings: (days: number) => Promise<readonly ModelRanking[]>;
  /** How far judges agree with what was found of results; absent: nothing is known of it. */
  agreements?: () => Promise<readonly JudgeAgreement[]>;
  json: boolean;
  /** Columns of the terminal; absent: as wide as it comes. */
  width?: number | undefined;
}): Promise<string> {
  const { settings, environment, clock, rankings, json, width } = options;
  const { agreements = () => Promise.resolve([]) } = options;
  const [listings, past, judges] = await Promise.all([
    listModels({ settings, environment, clock }),
    rankings(historyDays),
    agreements(),
  ]);
  const rows = modelRows(listings, past);
  return json
    ? `${JSON.stringify({ window: { days: historyDays }, models: rows, judges })}\n`
    : renderModels({ rows, judges }, historyDays, width);
}
