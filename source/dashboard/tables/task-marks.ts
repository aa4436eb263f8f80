import type { TaskStanding } from '../../domain/task-standing.ts';
import type { Role } from '../theme/index.ts';

type Mark = { unicode: string; ascii: string; role: Role; word: string };

/** How the standing of a task looks and what it is called; the sign never stands without the word. */
const marks: Record<TaskStanding, Mark> = {
  waiting: { unicode: '·', ascii: '.', role: 'muted', word: 'waiting' },
  running: { unicode: '▸', ascii: '>', role: 'accent', word: 'running' },
  accepted: { unicode: '✓', ascii: 'v', role: 'good', word: 'accepted' },
  'best-effort': { unicode: '~', ascii: '~', role: 'warn', word: 'best effort' },
  skipped: { unicode: '–', ascii: '-', role: 'muted', word: 'skipped' },
  interrupted: { unicode: '!', ascii: '!', role: 'warn', word: 'interrupted' },
  'not-finished': { unicode: '·', ascii: '.', role: 'muted', word: 'not finished' },
  failed: { unicode: '✗', ascii: 'x', role: 'bad', word: 'failed' },
};

export function markOf(standing: TaskStanding, ascii: boolean): Mark & { sign: string } {
  const mark = marks[standing];
  return { ...mark, sign: ascii ? mark.ascii : mark.unicode };
}
