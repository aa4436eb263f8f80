import type { Recommendation, RecommendationKind } from '../../domain/insight.ts';
import { escapedJson } from '../../dashboard/output/print.ts';
import { cleanText } from '../../dashboard/text/width.ts';
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
  changed: false,
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
  const sentence = comment(message.split('\n')[0] ?? '');
  if (!movesAway[kind]) return `${sentence}\n# Nothing to configure: keep running.\n`;
  const known = models.find(({ id }) => id === model);
  const able = known?.taskTypes ?? [...new Set([...builtInTaskTypes, ...ownTaskTypes])];
  const kept = able.filter((type) => type !== taskType).map(scalar);
  const provider = scalar(known?.provider ?? 'PROVIDER');
  const lines =
    kept.length === 0
      ? ['policy:', `  block: [${quoted(model)}]`]
      : [
          'models:',
          `  - {id: ${quoted(model)}, provider: ${provider}, taskTypes: [${kept.join(', ')}]}`,
        ];
  const other =
    alternative === undefined
      ? []
      : [comment(`${taskType} then goes to ${alternative}, or what is as good and cheaper.`)];
  return [sentence, ...other, ...lines, ''].join('\n');
}

/**
 * A comment of one line. It is pasted, perhaps into a shell by mistake, and not every shell takes `#` for
 * a comment: nothing in the names that it mentions can end a command there or begin one.
 */
const comment = (text: string): string =>
  `# ${cleanText(text)
    .replace(/[`\\]/g, "'")
    .replace(/[;|&]/g, ',')
    .replace(/[$<>=](?=[({])/g, '')}`;

/** A name as it is where YAML takes it for a text, else in quotes. */
const scalar = (name: string): string =>
  /^[A-Za-z][A-Za-z\d_-]*$/.test(name) && !meaningful.test(name) ? name : quoted(name);

/** Words that some version of YAML takes for a value of another kind. */
const meaningful = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** In YAML's double quotes, in which nothing stands that is more than text in YAML, a terminal or a shell. */
const quoted = (text: string): string =>
  `"${escapedJson(JSON.stringify(text).slice(1, -1)).replace(
    /\\["\\]|[$`!]/g,
    (found) => `\\u${(found.at(-1) ?? '').charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}"`;
