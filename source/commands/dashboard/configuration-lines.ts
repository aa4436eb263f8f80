import type { Recommendation, RecommendationKind } from '../../domain/insight.ts';
import { builtInTaskTypes, type TaskType } from '../../domain/task-type.ts';

/** What the configuration must know of a model to speak of it. */
export type KnownModel = { id: string; provider: string; taskTypes?: readonly TaskType[] };

/** Kinds whose advice is to stop using a model for a task type. */
const movesAway: Record<RecommendationKind, boolean> = {
  switch: true,
  promising: true,
  declining: true,
  unreliable: true,
  improving: false,
  'needs-data': false,
};

/**
 * The lines for orchestrator.yaml that follow a recommendation: the model keeps every task type but
 * this one, so that routing chooses among the others. A comment where there is nothing to configure.
 */
export function configurationLines(
  recommendation: Recommendation,
  models: readonly KnownModel[],
  ownTaskTypes: readonly TaskType[],
): string {
  const { kind, taskType, model, alternative, message } = recommendation;
  const sentence = `# ${message.split('\n')[0] ?? ''}`;
  if (!movesAway[kind]) return `${sentence}\n# Nothing to configure: keep running.\n`;
  const known = models.find(({ id }) => id === model);
  const able = known?.taskTypes ?? [...new Set([...builtInTaskTypes, ...ownTaskTypes])];
  const kept = able.filter((type) => type !== taskType);
  const provider = known?.provider ?? 'PROVIDER';
  const lines =
    kept.length === 0
      ? ['policy:', `  block: [${JSON.stringify(model)}]`]
      : [
          'models:',
          `  - {id: ${JSON.stringify(model)}, provider: ${provider}, taskTypes: [${kept.join(', ')}]}`,
        ];
  const other =
    alternative === undefined
      ? []
      : [`# ${taskType} then goes to ${alternative}, or what is as good and cheaper.`];
  return [sentence, ...other, ...lines, ''].join('\n');
}
